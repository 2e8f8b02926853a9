/** The `continue` of a list that was cut off: where to go on, and at which revision. */
import { badRequest } from '../failure.ts';

export interface ContinueToken {
  /** The key that was last handed out, without the list's prefix. */
  readonly after: string;
  /** The revision of the whole list; undefined to go on with what is there now. */
  readonly revision: number | undefined;
}

export function encodeContinue({ after, revision }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision ?? -1, start: after })).toString('base64url');
}

/** Throws 400 for what this server did not hand out. */
export function decodeContinue(text: string): ContinueToken {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    const { v, rv, start } = token as { v?: unknown; rv?: unknown; start?: unknown };
    if (v === 'meta.k8s.io/v1' && Number.isSafeInteger(rv) && typeof start === 'string' && start !== '') return { after: start, revision: rv === -1 ? undefined : (rv as number) };
  } catch {
    // Not one of ours.
  }
  throw badRequest('continue key is not valid');
}
