/** Some of the fields of a manifest left out, by the paths in which a conflict names them (`.spec.containers[name="web"].image`). Pure. */
import { isDeepStrictEqual } from 'node:util';

type Step = { readonly name: string } | { readonly index: number } | { readonly keys: Readonly<Record<string, unknown>> } | { readonly value: unknown };

export function withoutFields<T>(object: T, fields: readonly string[]): T {
  const copy = structuredClone(object);
  for (const field of fields) remove(copy, stepsOf(field));
  return copy;
}

export function stepsOf(field: string): readonly Step[] {
  const steps: Step[] = [];
  for (const [, name, bracket] of field.matchAll(/\.?([^.[\]]+)|\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/g)) {
    if (name !== undefined) steps.push({ name });
    else if (bracket !== undefined) steps.push(bracketStep(bracket));
  }
  return steps;
}

function bracketStep(text: string): Step {
  if (/^\d+$/.test(text)) return { index: Number(text) };
  if (text.startsWith('=')) return { value: JSON.parse(text.slice(1)) };
  if (text.startsWith('"')) return { name: JSON.parse(text) as string };
  const pairs = [...text.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  return pairs.length === 0 ? { name: text } : { keys: Object.fromEntries(pairs.map(([, key = '', value = '']) => [key.trim(), JSON.parse(value) as unknown])) };
}

function remove(value: any, steps: readonly Step[]): void {
  const [step, ...rest] = typeof value === 'object' && value !== null ? joined(value, steps) : [];
  if (step === undefined) return;
  const key = keyOf(value, step);
  if (key === undefined) return;
  if (rest.length > 0) remove(value[key], rest);
  else if (Array.isArray(value)) value.splice(Number(key), 1);
  else delete value[key];
}

/** A key may have dots in it (`app.kubernetes.io/name`): then it takes several steps for one. */
function joined(value: object, steps: readonly Step[]): readonly Step[] {
  let name = '';
  for (const [at, step] of steps.entries()) {
    if (!('name' in step)) break;
    name += `${at === 0 ? '' : '.'}${step.name}`;
    if (name in value) return [{ name }, ...steps.slice(at + 1)];
  }
  return steps;
}

function keyOf(value: any, step: Step): string | number | undefined {
  if ('name' in step) return step.name in value ? step.name : undefined;
  if (!Array.isArray(value)) return undefined;
  if ('index' in step) return step.index < value.length ? step.index : undefined;
  const at = value.findIndex((item: any) => ('value' in step ? isDeepStrictEqual(item, step.value) : Object.entries(step.keys).every(([name, wanted]) => isDeepStrictEqual(item?.[name], wanted))));
  return at < 0 ? undefined : at;
}
