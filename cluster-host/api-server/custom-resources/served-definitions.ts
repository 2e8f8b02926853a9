/** The registries' rows for each CustomResourceDefinition, changed when the definition changes. */
import { hasCondition } from '../../api/custom/conditions.ts';
import { applyDefaults } from '../../api/custom/defaults.ts';
import { customKind } from '../../api/custom/kind.ts';
import { prune } from '../../api/custom/prune.ts';
import type { V1CustomResourceDefinition, V1CustomResourceDefinitionVersion } from '../../api/generated/types.ts';
import type { KindDefinition } from '../../api/kind.ts';
import { apiVersionOf, type KubeObject } from '../../api/object.ts';
import { methodNotSupported } from '../../api/status.ts';
import { copy, equal } from '../../api/values.ts';
import type { Disposable } from '../../platform/platform.ts';
import type { Store } from '../../storage/store.ts';
import { ApiFailure } from '../failure.ts';
import type { WatchSessions } from '../handlers/watch-session.ts';
import type { Conversion } from '../registry/conversions.ts';
import { prefixOf } from '../registry/keys.ts';
import type { Registries } from '../registry/registries.ts';
import type { Registry } from '../registry/registry.ts';
import type { ResourceStrategy } from '../resources/strategy.ts';
import { webhookConversion, type WebhookSources } from './webhook-conversion.ts';

interface Served {
  /** What the rows were made of. */
  readonly source: object;
  readonly kinds: readonly KindDefinition[];
  /** Nothing new may be created; watches go on until the last object is gone. */
  isTerminating: boolean;
  /** Tells of the objects' deletion, while the definition waits for it. */
  following?: Disposable;
}

export class ServedDefinitions implements Disposable {
  readonly #registries: Registries;
  readonly #sessions: WatchSessions;
  readonly #served = new Map<string, Served>();

  readonly #webhooks: WebhookSources;

  constructor(registries: Registries, sessions: WatchSessions, webhooks: WebhookSources) {
    this.#registries = registries;
    this.#sessions = sessions;
    this.#webhooks = webhooks;
  }

  dispose(): void {
    for (const { following } of this.#served.values()) following?.dispose();
  }

  /** Serves an established definition as it is now, and nothing of one that is not. */
  serve(definition: V1CustomResourceDefinition): void {
    const name = definition.metadata?.name ?? '';
    const source = { spec: definition.spec, names: definition.status?.acceptedNames };
    const isTerminating = definition.metadata?.deletionTimestamp !== undefined;
    const old = this.#served.get(name);
    if (!hasCondition(definition, 'Established')) return;
    if (old !== undefined && equal(old.source, source)) {
      old.isTerminating = isTerminating;
      return;
    }
    if (old !== undefined) this.#withdraw(name, old);
    const strategy = strategyOf(definition, () => this.#served.get(name)?.isTerminating === true);
    const convertOutside = webhookConversion(definition, this.#webhooks);
    const kinds: KindDefinition[] = [];
    for (const version of definition.spec.versions.filter(({ served }) => served)) {
      const kind = customKind(definition, version);
      kinds.push(kind);
      this.#registries.add(kind, strategy, conversionOf(definition, version, convertOutside));
    }
    this.#served.set(name, { source, kinds, isTerminating });
  }

  /** Ends what is defined no more. */
  keepOnly(definitions: readonly V1CustomResourceDefinition[]): void {
    const names = new Set(definitions.map(({ metadata }) => metadata?.name ?? ''));
    for (const [name, served] of this.#served) if (!names.has(name)) this.#withdraw(name, served);
  }

  /** A registry of the definition's objects, in the version of storage where that is served. */
  registryOf({ metadata, spec }: V1CustomResourceDefinition): Registry | undefined {
    const kinds = this.#served.get(metadata?.name ?? '')?.kinds ?? [];
    const stored = spec.versions.find(({ storage }) => storage)?.name;
    const kind = kinds.find(({ version }) => version === stored) ?? kinds[0];
    return kind === undefined ? undefined : this.#registries.find(kind.group, kind.version, kind.plural);
  }

  /** Calls back whenever one of the definition's objects changes. */
  follow({ metadata }: V1CustomResourceDefinition, store: Store, changed: () => void): void {
    const served = this.#served.get(metadata?.name ?? '');
    const [kind] = served?.kinds ?? [];
    if (served === undefined || kind === undefined || served.following !== undefined) return;
    store.revision().then(
      (revision) => (served.following ??= store.watch(prefixOf(kind, ''), revision, { changes: changed, ended: () => undefined })),
      () => undefined,
    );
  }

  #withdraw(name: string, { kinds, following }: Served): void {
    following?.dispose();
    this.#served.delete(name);
    for (const kind of kinds) {
      this.#registries.remove(kind);
      this.#sessions.endOf(kind);
    }
  }
}

function strategyOf({ spec }: V1CustomResourceDefinition, isTerminating: () => boolean): ResourceStrategy {
  return {
    unconditionalUpdate: false,
    async beforeCreate() {
      if (!isTerminating()) return undefined;
      const status = methodNotSupported({ group: spec.group, plural: spec.names.plural }, 'create');
      throw new ApiFailure({ ...status, message: 'create not allowed while custom resource definition is terminating' });
    },
  };
}

/** Without a webhook all versions have the same fields; each shows what its schema knows, with its defaults. */
function conversionOf({ spec, status }: V1CustomResourceDefinition, version: V1CustomResourceDefinitionVersion, convertOutside: Conversion['convertOutside']): Conversion {
  const stored = spec.versions.find(({ storage }) => storage) ?? version;
  const { plural, kind } = status?.acceptedNames ?? spec.names;
  const schema = version.schema?.openAPIV3Schema ?? {};
  return {
    stored: { group: spec.group, version: stored.name, kind, plural, namespaced: spec.scope === 'Namespaced' },
    toStored: (object) => object,
    ...(convertOutside && { convertOutside }),
    fromStored(object) {
      const shown: KubeObject = copy(object);
      prune(shown, schema);
      applyDefaults(shown, schema);
      return { ...shown, kind, apiVersion: apiVersionOf({ group: spec.group, version: version.name }) };
    },
  };
}
