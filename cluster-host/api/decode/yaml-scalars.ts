/**
 * What a plain (unquoted) YAML scalar means to Kubernetes, whose parser follows YAML 1.1: `yes` is true, `012` is 10,
 * dates are texts.
 */

const constants = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((text) => [text, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((text) => [text, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, null] as const),
]);

const decimal = /^[-+]?(?:0|[1-9][0-9]*)$/;
const octal = /^[-+]?0o?[0-7]+$/;
const prefixed = /^[-+]?0(?:x[0-9a-fA-F]+|b[01]+|X[0-9a-fA-F]+|B[01]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinity = /^[-+]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;

export function resolvePlainScalar(text: string): string | number | boolean | null {
  const constant = constants.get(text);
  if (constant !== undefined) return constant;
  if (!/^[-+.0-9]/.test(text)) return text;
  if (infinity.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (notANumber.test(text)) return Number.NaN;
  const digits = text.replaceAll('_', '');
  if (decimal.test(digits)) return Number(digits);
  if (octal.test(digits)) return signed(digits, (rest) => Number.parseInt(rest.replace(/^0o?/, ''), 8));
  if (prefixed.test(digits)) return signed(digits, Number);
  return float.test(digits) ? Number(digits) : text;
}

function signed(text: string, parse: (digits: string) => number): number {
  return text.startsWith('-') ? -parse(text.slice(1)) : parse(text.replace('+', ''));
}
