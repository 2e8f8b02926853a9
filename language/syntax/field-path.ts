/** Field paths as Kubernetes writes them (k8s.io/apimachinery `field.Path`): `spec.containers[0].ports[1].name`, `metadata.labels[a/b]`. */
import type { Path } from '../../cluster-host/api/field-error.ts';

const step = /([^.[\]]+)|\[([^\]]*)\]/g;

/** Numbers in brackets are list positions; whoever walks a map with one takes it as a key. `<nil>` and the empty text are the root. */
export function parseFieldPath(field: string): Path {
  if (field === '<nil>' || field === '') return [];
  return Array.from(field.matchAll(step), ([, name, bracketed]) => {
    if (bracketed === undefined) return name ?? '';
    const text = bracketed.replace(/^"(.*)"$/, '$1');
    return /^(?:0|[1-9][0-9]{0,8})$/.test(text) ? Number(text) : text;
  });
}

export function formatFieldPath(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : /^[\w-]+$/.test(part) ? `${index === 0 ? '' : '.'}${part}` : `[${part}]`)).join('');
}
