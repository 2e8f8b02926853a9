/** Every resource that is served, by group, version and plural. Custom resources come and go. */
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import type { Disposable } from '../../platform/platform.ts';
import type { ResourceStrategy } from '../resources/strategy.ts';
import { conversions, type Conversion } from './conversions.ts';
import type { Faces } from './field-management.ts';
import { Registry, type RegistryServices } from './registry.ts';

export class Registries {
  readonly #byPath = new Map<string, Registry>();
  readonly #services: RegistryServices;
  readonly #followers = new Set<() => void>();
  #definitions: readonly KindDefinition[] = [];

  constructor(definitions: readonly KindDefinition[], strategies: Readonly<Record<string, ResourceStrategy>>, services: RegistryServices) {
    this.#services = services;
    for (const definition of definitions) {
      const { group, plural } = definition;
      const strategy = strategies[group === '' ? plural : `${plural}.${group}`] ?? {};
      this.#byPath.set(pathOf(definition), this.#registryOf(definition, strategy, conversions[pathOf(definition)]));
    }
    this.#definitions = definitions;
  }

  /** The rows of all that is served: the same array until something comes or goes. */
  get definitions(): readonly KindDefinition[] {
    return this.#definitions;
  }

  find(group: string, version: string, plural: string): Registry | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** Throws on a resource that this server must have. */
  need(group: string, version: string, plural: string): Registry {
    const registry = this.find(group, version, plural);
    if (registry === undefined) throw new Error(`the table of kinds has no ${plural} in ${group}/${version}`);
    return registry;
  }

  /** The same objects in other groups and versions. */
  equivalents(definition: KindDefinition): readonly KindDefinition[] {
    const stored = this.#storedPath(definition);
    return this.#definitions.filter((other) => other !== definition && this.#storedPath(other) === stored);
  }

  /** An object of a row as an equivalent row shows it. */
  convert(object: KubeObject, from: KindDefinition, to: KindDefinition): KubeObject {
    if (from === to) return object;
    const stored = this.#conversionOf(from)?.toStored(object) ?? object;
    const shown = this.#conversionOf(to)?.fromStored(stored) ?? stored;
    return { ...shown, kind: to.kind, apiVersion: apiVersionOf(to) };
  }

  /** The same, where a webhook may have to convert. Rejects with `ApiFailure`. */
  async converted(object: KubeObject, from: KindDefinition, to: KindDefinition): Promise<KubeObject> {
    const conversion = this.#conversionOf(to);
    if (from === to || conversion?.convertOutside === undefined) return this.convert(object, from, to);
    const [shown = object] = await conversion.convertOutside([{ ...object, kind: from.kind, apiVersion: apiVersionOf(from) }], apiVersionOf(to));
    return { ...conversion.fromStored(shown), kind: to.kind, apiVersion: apiVersionOf(to) };
  }

  #registryOf(definition: KindDefinition, strategy: ResourceStrategy, conversion: Conversion | undefined): Registry {
    const faces: Faces = {
      rows: () => [definition, ...this.equivalents(definition)],
      convert: (object, from, to) => this.convert(object, from, to),
    };
    return new Registry(definition, strategy, this.#services, conversion, faces);
  }

  #conversionOf(definition: KindDefinition): Conversion | undefined {
    return this.#byPath.get(pathOf(definition))?.conversion;
  }

  #storedPath(definition: KindDefinition): string {
    const { group, plural } = this.#conversionOf(definition)?.stored ?? definition;
    return `${group}/${plural}`;
  }

  /** Calls back whenever something comes or goes. */
  follow(changed: () => void): Disposable {
    this.#followers.add(changed);
    return { dispose: () => void this.#followers.delete(changed) };
  }

  #tell(): void {
    for (const changed of this.#followers) changed();
  }

  /** Serves a resource from now on. */
  add(definition: KindDefinition, strategy: ResourceStrategy, conversion?: Conversion): void {
    this.#byPath.set(pathOf(definition), this.#registryOf(definition, strategy, conversion));
    this.#definitions = [...this.#definitions, definition];
    this.#tell();
  }

  /** Serves it no more. */
  remove(definition: KindDefinition): void {
    this.#byPath.delete(pathOf(definition));
    this.#definitions = this.#definitions.filter((other) => other !== definition);
    this.#tell();
  }
}

function pathOf({ group, version, plural }: KindDefinition): string {
  return `${group}/${version}/${plural}`;
}
