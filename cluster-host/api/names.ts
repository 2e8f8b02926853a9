/**
 * What names, labels and other identifiers must look like, and Kubernetes' messages about those that do not
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/).
 *
 * Each check returns the messages of everything that is wrong; none means valid. Lengths count bytes.
 */
import { isLongerThan } from './text.ts';

const labelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomainPattern = `${labelPattern}(\\.${labelPattern})*`;
const underscoreLabelPattern = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomainPattern = `${underscoreLabelPattern}(\\.${underscoreLabelPattern})*`;
const dns1035Pattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const identifierPattern = '[A-Za-z_][A-Za-z0-9_]*';
const envVarPattern = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const configMapKeyPattern = '[-._a-zA-Z0-9]+';
const headerPattern = '[-A-Za-z0-9]+';
const percentPattern = '[0-9]+%';
const httpPathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

const labelMaxLength = 63;
const subdomainMaxLength = 253;

const compiled = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  let regex = compiled.get(pattern);
  if (regex === undefined) compiled.set(pattern, (regex = new RegExp(`^(?:${pattern})$`)));
  return regex.test(value);
}

/** The message about a value that does not match a pattern, with examples that do. */
export function patternMessage(message: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const list = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (e.g. ${list}regex used for validation is '${pattern}')`;
}

function checkPattern(value: string, pattern: string, message: string, ...examples: readonly string[]): string[] {
  return matches(pattern, value) ? [] : [patternMessage(message, pattern, ...examples)];
}

export function maxLengthMessage(length: number): string {
  return `must be no more than ${length} characters`;
}

/** Label keys and values say bytes where names say characters. Both count bytes. */
function maxBytesMessage(length: number): string {
  return `must be no more than ${length} bytes`;
}

function checkLength(value: string, max: number, message = maxLengthMessage): string[] {
  return isLongerThan(value, max) ? [message(max)] : [];
}

export function rangeMessage(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

export const emptyMessage = 'must be non-empty';
export const negativeMessage = 'must be greater than or equal to 0';

const labelMessage =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

/** RFC 1123 label: namespaces, container names. */
export function checkDnsLabel(value: string): string[] {
  const messages = checkLength(value, labelMaxLength);
  if (matches(labelPattern, value)) return messages;
  if (matches(subdomainPattern, value)) return [...messages, 'must not contain dots'];
  return [...messages, patternMessage(labelMessage, labelPattern, 'my-name', '123-abc')];
}

/** RFC 1123 subdomain: the names of most objects. */
export function checkDnsSubdomain(value: string): string[] {
  return subdomain(value, maxLengthMessage);
}

function subdomain(value: string, tooLong: (max: number) => string): string[] {
  return [...checkLength(value, subdomainMaxLength, tooLong), ...checkPattern(value, subdomainPattern, subdomainMessage, 'example.com')];
}

/** As a subdomain, underscores allowed: `dnsConfig.searches`. */
export function checkDnsSubdomainWithUnderscore(value: string): string[] {
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
  return [...checkLength(value, subdomainMaxLength), ...checkPattern(value, underscoreSubdomainPattern, message, 'example.com')];
}

/** RFC 1035 label: Services (before relaxed names). */
export function checkDns1035Label(value: string): string[] {
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...checkLength(value, labelMaxLength), ...checkPattern(value, dns1035Pattern, message, 'my-name', 'abc-123')];
}

/** `*.example.com`. */
export function checkWildcardDnsSubdomain(value: string): string[] {
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...checkLength(value, subdomainMaxLength), ...checkPattern(value, `\\*\\.${subdomainPattern}`, message, '*.example.com')];
}

/** A label key, resource name, finalizer, condition type, …: `name` or `prefix.example/name`. */
export function checkQualifiedName(value: string): string[] {
  const message = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const pattern = patternMessage(message, qualifiedPattern, 'MyName', 'my.name', '123-abc');
  const parts = value.split('/');
  if (parts.length > 2) return [`a valid label key ${pattern} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? '';
  const messages: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? '';
    const wrong = prefix === '' ? [emptyMessage] : subdomain(prefix, maxBytesMessage);
    messages.push(...wrong.map((text) => `prefix part ${text}`));
  }
  if (name === '') messages.push(`name part ${emptyMessage}`);
  else messages.push(...checkLength(name, labelMaxLength, maxBytesMessage).map((text) => `name part ${text}`));
  if (!matches(qualifiedPattern, name)) messages.push(`name part ${pattern}`);
  return messages;
}

export function checkLabelValue(value: string): string[] {
  const message =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...checkLength(value, labelMaxLength, maxBytesMessage), ...checkPattern(value, `(${qualifiedPattern})?`, message, 'MyValue', 'my_value', '12345')];
}

/** A name that becomes one segment of a URL: RBAC roles and bindings. */
export function checkPathSegment(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return checkPathSegmentPrefix(value);
}

export function checkPathSegmentPrefix(value: string): string[] {
  return ['/', '%'].filter((text) => value.includes(text)).map((text) => `may not contain '${text}'`);
}

export function checkIdentifier(value: string): string[] {
  const message = "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return checkPattern(value, identifierPattern, message, 'my_name', 'MY_NAME', 'MyName');
}

/** The name of a named port (RFC 6335, 15 characters). */
export function checkPortName(value: string): string[] {
  const messages = checkLength(value, 15);
  if (!/^[-a-z0-9]+$/.test(value)) messages.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) messages.push('must contain at least one letter (a-z)');
  if (value.includes('--')) messages.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) messages.push('must not begin or end with a hyphen');
  return messages;
}

export function checkPortNumber(port: number): string[] {
  return checkRange(port, 1, 65535);
}

export function checkRange(value: number, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [rangeMessage(low, high)];
}

/** User and group ids. */
export function checkId(id: number): string[] {
  return checkRange(id, 0, 2 ** 31 - 1);
}

export function checkPercent(value: string): string[] {
  return checkPattern(value, percentPattern, "a valid percent string must be a numeric string followed by an ending '%'", '1%', '93%');
}

export function checkHttpHeaderName(value: string): string[] {
  return checkPattern(value, headerPattern, "a valid HTTP header must consist of alphanumeric characters or '-'", 'X-Header-Name');
}

/** An environment variable's name as Kubernetes has allowed it since 1.34: printable ASCII but `=`. */
export function checkEnvVarName(value: string): string[] {
  const messages = value === '' ? [`environment variable name ${emptyMessage}`] : [];
  if (!/^[ -<>-~]*$/.test(value)) messages.push("a valid environment variable name must consist only of printable ASCII characters other than '='");
  return messages;
}

/** An environment variable's name by the older, narrower rule that prefixes of `envFrom` had. */
export function checkStrictEnvVarName(value: string): string[] {
  const message = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
  return [...checkPattern(value, envVarPattern, message, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1'), ...checkNoParentFolder(value)];
}

/** A key of a ConfigMap or Secret. */
export function checkConfigMapKey(value: string): string[] {
  const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  return [
    ...checkLength(value, subdomainMaxLength),
    ...checkPattern(value, configMapKeyPattern, message, 'key.name', 'KEY_NAME', 'key-name'),
    ...checkNoParentFolder(value),
  ];
}

function checkNoParentFolder(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

/** The part after the slash of `example.com/path`, as signer names and the like have it. */
export function checkHttpPath(value: string): string[] {
  return checkPattern(value, httpPathPattern, 'Invalid path');
}

/** A rule for `metadata.name`; `prefix` says that the name is a `generateName` to which characters will be added. */
export type NameRule = (name: string, prefix: boolean) => string[];

function nameRule(check: (name: string) => string[]): NameRule {
  return (name, prefix) => check(prefix ? withoutTrailingDash(name) : name);
}

/** A prefix may end with a dash: what follows ends the name properly. */
function withoutTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

export const nameIsDnsSubdomain = nameRule(checkDnsSubdomain);
export const nameIsDnsLabel = nameRule(checkDnsLabel);
export const nameIsDns1035Label = nameRule(checkDns1035Label);
export const nameIsPathSegment: NameRule = (name, prefix) => (prefix ? checkPathSegmentPrefix(name) : checkPathSegment(name));
