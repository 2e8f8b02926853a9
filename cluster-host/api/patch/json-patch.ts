/**
 * JSON patch (RFC 6902) with the liberties that Kubernetes' library takes: negative positions count from the end, replacing
 * a field that is not there adds it, a missing field equals null in a test, and the document itself is replaced or tested only.
 */
import type { ListType, StructType } from '../catalogue/schema.ts';
import { copy, equal, getKey, isObject, setKey } from '../values.ts';
import { PatchProblem } from './problem.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from: string;
  readonly value: unknown;
}

const maxOperations = 10_000;
/** What copy operations may add together: the size limit of a request. */
const maxCopiedBytes = 3 * 1024 * 1024;

const text = { kind: 'scalar', scalar: 'string', goType: 'string' } as const;
const operationType: StructType = {
  kind: 'struct',
  goType: 'handlers.jsonPatchOp',
  atomic: false,
  fields: new Map(
    [
      { name: 'op', type: text },
      { name: 'path', type: text },
      { name: 'from', type: text },
      { name: 'value', type: { kind: 'scalar', scalar: 'any', goType: 'interface {}' } as const },
    ].map((field) => [field.name, { ...field, required: false, pointer: false, omitEmpty: true, embeddedIn: [], patchStrategies: [] }]),
  ),
};

/** The schema of a JSON patch document: decoding says what is wrong with one. */
export const jsonPatchType: ListType = { kind: 'list', goType: '[]handlers.jsonPatchOp', item: operationType, merge: 'atomic', keys: [] };

/** Applies a patch to a copy of the document. Throws a PatchProblem where an operation does not apply. */
export function applyJsonPatch(document: unknown, patch: readonly (Partial<Operation> | null)[]): unknown {
  if (patch.length > maxOperations) {
    throw new PatchProblem('tooLarge', `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`);
  }
  const patched = new PatchedDocument(copy(document));
  for (const operation of patch) {
    const { op, path, from, value } = operation ?? {};
    patched.apply({ op: op ?? '', path: path ?? '', from: from ?? '', value: value ?? null });
  }
  return patched.root;
}

class PatchedDocument {
  root: unknown;
  private copiedBytes = 0;

  constructor(root: unknown) {
    this.root = root;
  }

  apply({ op, path, from, value }: Operation): void {
    switch (op) {
      case 'add':
        return this.add(path, copy(value));
      case 'remove':
        return this.remove(path);
      case 'replace':
        return this.replace(path, copy(value));
      case 'move': {
        const moved = this.get(from);
        this.remove(from);
        return this.add(path, moved);
      }
      case 'copy':
        return this.copy(path, this.get(from));
      case 'test':
        if (!equal((path === '' ? this.root : this.get(path)) ?? null, value)) throw refused(`testing value ${path} failed`);
        return;
      default:
        throw refused(`Unexpected kind: ${op}`);
    }
  }

  private add(path: string, value: unknown): void {
    const { container, key } = this.find(path);
    if (!Array.isArray(container)) return setKey(container, key, value);
    container.splice(key === '-' ? container.length : position(key, container.length + 1), 0, value);
  }

  private remove(path: string): void {
    const { container, key } = this.find(path);
    if (Array.isArray(container)) container.splice(position(key, container.length), 1);
    else if (Object.hasOwn(container, key)) delete container[key];
    else throw refused(`Unable to remove nonexistent key: ${key}`);
  }

  private replace(path: string, value: unknown): void {
    if (path === '') {
      // Only an object or a list can be the document; the library forgets to say so and leaves it as it is.
      if (typeof value === 'object' && value !== null) this.root = value;
      return;
    }
    const { container, key } = this.find(path);
    if (Array.isArray(container)) container[position(key, container.length)] = value;
    else setKey(container, key, value);
  }

  private copy(path: string, value: unknown): void {
    this.copiedBytes += JSON.stringify(value ?? null).length;
    if (this.copiedBytes > maxCopiedBytes) throw refused('the accumulated size of copies exceeds the limit');
    this.add(path, copy(value ?? null));
  }

  private get(path: string): unknown {
    const { container, key } = this.find(path);
    return Array.isArray(container) ? container[position(key, container.length)] : getKey(container, key);
  }

  /** The container of what a pointer means, and the last step to it. */
  private find(path: string): { readonly container: unknown[] | Record<string, unknown>; readonly key: string } {
    const [start, ...steps] = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const key = steps.pop();
    if (start === undefined || key === undefined) throw refused(`doc is missing path: ${path}`);
    let container: unknown = this.root;
    for (const step of steps) {
      if (Array.isArray(container)) container = container[position(step, container.length)];
      else container = isObject(container) ? getKey(container, step) : undefined;
    }
    if (!Array.isArray(container) && !isObject(container)) throw refused(`doc is missing path: ${path}`);
    return { container, key };
  }
}

/** A position of a list; `length` counts the places that are allowed. */
function position(step: string, length: number): number {
  const index = /^[-+]?\d+$/.test(step) ? Number(step) : Number.NaN;
  const counted = index < 0 ? index + length : index;
  if (!(counted >= 0 && counted < length)) throw refused(`Unable to access invalid index: ${step}`);
  return counted;
}

function refused(message: string): PatchProblem {
  return new PatchProblem('unprocessable', message);
}
