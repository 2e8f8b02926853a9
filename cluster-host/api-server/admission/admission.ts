/**
 * Admission: what a write may have to satisfy, or gets added, besides what its kind says by itself
 * (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/). The order of the plugins is their table's.
 */
import type { KindDefinition } from '../../api/kind.ts';
import type { KubeObject } from '../../api/object.ts';
import type { UserInfo } from '../server.ts';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionRequest {
  readonly operation: AdmissionOperation;
  readonly definition: KindDefinition;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** What is to be written; left out of a deletion. While mutating, a plugin may change it. */
  readonly object: KubeObject | undefined;
  /** The live object; left out of a creation. Never changed. */
  readonly old: KubeObject | undefined;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** A text for a `Warning:` header. */
  warn(text: string): void;
  /** An annotation of the request in the audit log. */
  annotate(key: string, value: string): void;
}

type Mutated = void | 'again' | undefined;

/** A plugin throws `ApiFailure` to refuse. */
export interface AdmissionPlugin {
  /** Kubernetes' own name: `NamespaceLifecycle`. */
  readonly name: string;
  /** `again`: somebody outside changed the object, so that every plugin looks at it once more. */
  mutate?(request: AdmissionRequest): Mutated | Promise<Mutated>;
  validate?(request: AdmissionRequest): void | Promise<void>;
}

export interface Admission {
  mutate(request: AdmissionRequest): Promise<void>;
  validate(request: AdmissionRequest): Promise<void>;
}

export function admissionOf(plugins: readonly AdmissionPlugin[]): Admission {
  const mutateOnce = async (request: AdmissionRequest): Promise<boolean> => {
    let again = false;
    for (const plugin of plugins) {
      const pending = plugin.mutate?.(request);
      if ((pending instanceof Promise ? await pending : pending) === 'again') again = true;
    }
    return again;
  };
  return {
    async mutate(request) {
      if (await mutateOnce(request)) await mutateOnce(request);
    },
    async validate(request) {
      for (const plugin of plugins) {
        const pending = plugin.validate?.(request);
        if (pending !== undefined) await pending;
      }
    },
  };
}
