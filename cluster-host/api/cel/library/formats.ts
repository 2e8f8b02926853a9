/** Kubernetes' named formats of texts (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library), and escapes of JSON Patch paths. */
import { hasFormat } from '../../custom/formats.ts';
import { checkDns1035Label, checkDnsLabel, checkDnsSubdomain, checkLabelValue, checkQualifiedName, nameIsDns1035Label, nameIsDnsLabel, nameIsDnsSubdomain } from '../../names.ts';
import { pattern, scale, scaled, traversal, traversing, unknownRange, type CostModel } from '../cost.ts';
import { kubernetesType, type FunctionRow } from '../functions.ts';
import { CelList, CelOptional, sizeOfValue, type Opaque } from '../values.ts';
import { urlProblems } from './network.ts';

class CelFormat implements Opaque {
  readonly celType = kubernetesType('NamedFormat');
  readonly name: string;
  readonly validate: (text: string) => readonly string[];
  /** How long a regular expression its check is worth. */
  readonly worth: number;
  constructor(name: string, validate: (text: string) => readonly string[], worth: number) {
    this.name = name;
    this.validate = validate;
    this.worth = worth;
  }
  equals(other: Opaque): boolean {
    return other instanceof CelFormat && other.name === this.name;
  }
}

const schemaFormat = (format: string, message: string) => (text: string): readonly string[] => (hasFormat(text, format) ? [] : [message]);

const named: Readonly<Record<string, CelFormat>> = {
  dns1123Label: new CelFormat('DNS1123Label', checkDnsLabel, 30),
  dns1123Subdomain: new CelFormat('DNS1123Subdomain', checkDnsSubdomain, 60),
  dns1035Label: new CelFormat('DNS1035Label', checkDns1035Label, 30),
  qualifiedName: new CelFormat('QualifiedName', checkQualifiedName, 60),
  dns1123LabelPrefix: new CelFormat('DNS1123LabelPrefix', (text) => nameIsDnsLabel(text, true), 30),
  dns1123SubdomainPrefix: new CelFormat('DNS1123SubdomainPrefix', (text) => nameIsDnsSubdomain(text, true), 60),
  dns1035LabelPrefix: new CelFormat('DNS1035LabelPrefix', (text) => nameIsDns1035Label(text, true), 30),
  labelValue: new CelFormat('LabelValue', checkLabelValue, 40),
  uri: new CelFormat('URI', urlProblems, 1000),
  uuid: new CelFormat('uuid', schemaFormat('uuid', 'does not match the UUID format'), 66),
  byte: new CelFormat('byte', schemaFormat('byte', 'invalid base64'), 88),
  date: new CelFormat('date', schemaFormat('date', 'invalid date'), 71),
  datetime: new CelFormat('datetime', schemaFormat('datetime', 'invalid datetime'), 71),
};

const longestPattern = 128;

const validating: CostModel = {
  actual: ([format, text]) => scaled(1 + sizeOfValue(text), traversal) * scaled((format as CelFormat).worth, pattern),
  estimate: ([, text]) => ({ cost: scale(scale(text?.size ?? unknownRange, traversal), longestPattern * pattern) }),
};

function validate(format: CelFormat, text: string): CelOptional {
  const problems = format.validate(text);
  return new CelOptional(problems.length === 0 ? undefined : new CelList(problems));
}

export const formats: readonly FunctionRow[] = [
  ...Object.entries(named).map(([name, format]): FunctionRow => [`format.${name}(): NamedFormat`, () => format]),
  ['format.named(string): optional<NamedFormat>', (name: string) => new CelOptional(Object.hasOwn(named, name) ? named[name] : undefined)],
  ['NamedFormat.validate(string): optional<list<string>>', validate, validating],
];

/** Only for expressions that make patches. */
export const jsonPatch: readonly FunctionRow[] = [
  ['jsonpatch.escapeKey(string): string', (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1'), traversing(0, traversal, (size) => size)],
];
