/** Tells, in the status of each ValidatingAdmissionPolicy, what its expressions have against the kinds they are meant for. */
import { expressionWarnings, type CheckedKind } from '../../../api/admission/type-checking.ts';
import { schemaOf } from '../../../api/catalogue/kind-schema.ts';
import type { V1ValidatingAdmissionPolicy } from '../../../api/generated/types.ts';
import type { Disposable, Platform } from '../../../platform/platform.ts';
import { StoreError, type Store } from '../../../storage/store.ts';
import { hasReason } from '../../failure.ts';
import { prefixOf } from '../../registry/keys.ts';
import { metadataOf } from '../../registry/metadata.ts';
import type { Registries } from '../../registry/registries.ts';
import type { Registry, WriteContext } from '../../registry/registry.ts';

export interface PolicyStatusOptions {
  readonly registries: Registries;
  readonly store: Store;
  readonly platform: Platform;
}

/** Milliseconds. */
const settlingTime = 100;

const writer: WriteContext = { user: { name: 'system:apiserver', groups: ['system:masters'] }, dryRun: false, fieldManager: 'kube-controller-manager', warn: () => undefined };

export class PolicyStatus {
  readonly #options: PolicyStatusOptions;
  readonly #registry: Registry;
  readonly #watch: Disposable;
  #work: Promise<void> | undefined;
  #timer: Disposable | undefined;
  #closed = false;

  private constructor(options: PolicyStatusOptions, revision: number) {
    this.#options = options;
    this.#registry = options.registries.need('admissionregistration.k8s.io', 'v1', 'validatingadmissionpolicies');
    this.#watch = options.store.watch(prefixOf(this.#registry.definition, ''), revision, { changes: () => this.#wakeSoon(), ended: () => undefined });
  }

  static async create(options: PolicyStatusOptions): Promise<PolicyStatus> {
    return new PolicyStatus(options, await options.store.revision());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.dispose();
    this.#watch.dispose();
    await this.#work;
  }

  /** What changes meanwhile is looked at together. */
  #wakeSoon(): void {
    this.#timer ??= this.#options.platform.clock.after(settlingTime, () => {
      this.#timer = undefined;
      this.#work = (this.#work ?? Promise.resolve()).then(() => this.#run());
    });
  }

  async #run(): Promise<void> {
    if (this.#closed) return;
    try {
      for (const { object } of await this.#registry.all('')) await this.#settle(object as V1ValidatingAdmissionPolicy);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'Closed')) this.#options.platform.log.error('the status of admission policies could not be brought up to date', { error });
    }
  }

  async #settle(policy: V1ValidatingAdmissionPolicy): Promise<void> {
    const { generation, name = '', resourceVersion = '' } = policy.metadata ?? {};
    if (generation === undefined || policy.status?.observedGeneration === generation) return;
    const warnings = expressionWarnings(policy, this.#kinds());
    const status = { ...policy.status, observedGeneration: generation, typeChecking: warnings.length === 0 ? {} : { expressionWarnings: warnings } };
    const next = (current: object): object => {
      metadataOf(current).resourceVersion = resourceVersion;
      return { ...current, status };
    };
    try {
      await this.#registry.update('', name, { subresource: 'status', next }, writer);
    } catch (error) {
      // Changed or gone meanwhile: its change brings us back.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }

  #kinds(): readonly CheckedKind[] {
    return this.#options.registries.definitions.map(({ group, version, kind, plural, model, custom }) => ({
      group,
      version,
      kind,
      plural,
      get type() {
        return schemaOf({ model, ...(custom && { custom }) });
      },
    }));
  }
}
