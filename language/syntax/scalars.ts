/**
 * What a plain (unquoted) YAML scalar means to Kubernetes, whose parser (sigs.k8s.io/yaml over go-yaml v2) follows YAML 1.1:
 * `yes` is true and `012` is ten; times and sexagesimal numbers stay strings.
 */

const words = new Map<string, null | boolean | number>([
  ['', null],
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

const integers: readonly { readonly pattern: RegExp; readonly radix: number }[] = [
  { pattern: /^([-+]?)0b([01]+)$/i, radix: 2 },
  { pattern: /^([-+]?)0x([0-9a-f]+)$/i, radix: 16 },
  { pattern: /^([-+]?)0o?([0-7]+)$/i, radix: 8 },
  { pattern: /^([-+]?)(0|[1-9][0-9]*)$/, radix: 10 },
];

const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

export function resolvePlainScalar(source: string): string | number | boolean | null {
  const word = words.get(source);
  if (word !== undefined) return word;
  if (!/^[-+.0-9]/.test(source)) return source;
  const digits = source.replaceAll('_', '');
  for (const { pattern, radix } of integers) {
    const match = pattern.exec(digits);
    if (match !== null) return (match[1] === '-' ? -1 : 1) * Number.parseInt(match[2] ?? '', radix);
  }
  return float.test(digits) ? Number(digits) : source;
}

/** A text as a YAML scalar that means just it: plain where that is safe in every context, else in double quotes. */
export function scalarOf(text: string): string {
  return /^[A-Za-z0-9_./][-A-Za-z0-9_./]*$/.test(text) && resolvePlainScalar(text) === text ? text : JSON.stringify(text);
}
