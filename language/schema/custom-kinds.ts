/**
 * The kinds that CustomResourceDefinitions add, each made by the API server's own code: those of manifests in the workspace,
 * and those that a cluster serves. Of two definitions of one kind the workspace's counts: it is the one being worked on.
 */
import { customKind } from '../../cluster-host/api/custom/kind.ts';
import type { V1CustomResourceDefinition, V1CustomResourceDefinitionVersion, V1JSONSchemaProps } from '../../cluster-host/api/generated/types.ts';
import type { KindDefinition } from '../../cluster-host/api/kind.ts';
import type { GroupVersionKind } from '../../cluster-host/api/object.ts';
import { equal, isObject } from '../../cluster-host/api/values.ts';
import { find, valueAt } from '../workspace/patterns.ts';

export interface CustomKind {
  readonly definition: KindDefinition;
  readonly schema: V1JSONSchemaProps;
}

/** The source of what the cluster serves; every other source is a file. */
export const clusterSource = 'cluster';

export class CustomKinds {
  readonly #sources = new Map<string, readonly unknown[]>();
  #kinds: ReadonlyMap<string, CustomKind> | undefined;
  #version = 0;

  /** Another one after every change. */
  get version(): number {
    return this.#version;
  }

  /** Takes the definitions of a source in place of those it had. Whatever is no readable definition is left out. */
  set(source: string, definitions: readonly unknown[]): void {
    if (equal(definitions, this.#sources.get(source) ?? [])) return;
    if (definitions.length === 0) this.#sources.delete(source);
    else this.#sources.set(source, definitions);
    this.#kinds = undefined;
    this.#version += 1;
  }

  find(gvk: GroupVersionKind): CustomKind | undefined {
    return this.#all().get(keyOf(gvk));
  }

  list(): readonly CustomKind[] {
    return [...this.#all().values()];
  }

  #all(): ReadonlyMap<string, CustomKind> {
    this.#kinds ??= this.#read();
    return this.#kinds;
  }

  #read(): ReadonlyMap<string, CustomKind> {
    const kinds = new Map<string, CustomKind>();
    const sources = [...this.#sources].toSorted(([a], [b]) => Number(b === clusterSource) - Number(a === clusterSource));
    for (const [, definitions] of sources) {
      for (const kind of definitions.flatMap(kindsOf)) kinds.set(keyOf(kind.definition), kind);
    }
    return kinds;
  }
}

/** The CustomResourceDefinitions in a document: itself, or items of a `List`. */
export function definitionsIn(value: unknown): readonly unknown[] {
  const candidates = isObject(value) && value['kind'] === 'List' ? find(value, 'items[]').map((item) => item.value) : [value];
  return candidates.filter((one) => valueAt(one, ['kind']) === 'CustomResourceDefinition' && valueAt(one, ['apiVersion']) === 'apiextensions.k8s.io/v1');
}

function kindsOf(definition: unknown): readonly CustomKind[] {
  if (!isDefinition(definition)) return [];
  return definition.spec.versions.filter((version) => isObject(version) && valueAt(version, ['served']) !== false).flatMap((version) => kindOf(definition, version));
}

/** The names that a kind cannot be without. The rest may be half-typed. */
function isDefinition(definition: unknown): definition is V1CustomResourceDefinition {
  const needed = [['spec', 'group'], ['spec', 'names', 'kind'], ['spec', 'names', 'plural'], ['spec', 'scope']];
  return needed.every((path) => typeof valueAt(definition, path) === 'string') && Array.isArray(valueAt(definition, ['spec', 'versions']));
}

function kindOf(definition: V1CustomResourceDefinition, version: V1CustomResourceDefinitionVersion): readonly CustomKind[] {
  if (typeof version.name !== 'string') return [];
  // A definition without a schema is not finished, or is of a cluster that did not need one: it takes everything.
  const schema = version.schema?.openAPIV3Schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  try {
    return [{ definition: customKind(definition, { ...version, schema: { openAPIV3Schema: schema } }), schema }];
  } catch {
    // Its own document says what is wrong with the definition; until then the kind is unknown.
    return [];
  }
}

function keyOf({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}
