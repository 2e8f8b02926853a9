/** Kubernetes' quantities and versions (https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library). */
import { addQuantities, compareQuantities, parseQuantity, quantityFromNumber, subtractQuantities, type Quantity } from '../../quantity.ts';
import { traversing } from '../cost.ts';
import { kubernetesType, type FunctionRow } from '../functions.ts';
import { maxInt, minInt } from '../literals.ts';
import { CelError, type Opaque } from '../values.ts';

const unit = 1_000_000_000n;

class CelQuantity implements Opaque {
  readonly celType = kubernetesType('Quantity');
  readonly amount: Quantity;
  constructor(amount: Quantity) {
    this.amount = amount;
  }
  equals(other: Opaque): boolean {
    return other instanceof CelQuantity && compareQuantities(this.amount, other.amount) === 0;
  }
}

function quantityOf(text: string): CelQuantity {
  const parsed = parseQuantity(text);
  if (!parsed.ok) throw new CelError(parsed.error);
  return new CelQuantity(parsed.value);
}

function isInteger({ amount }: CelQuantity): boolean {
  return amount.nanos % unit === 0n && amount.nanos / unit <= maxInt && amount.nanos / unit >= minInt;
}

function integerOf(quantity: CelQuantity): bigint {
  if (!isInteger(quantity)) throw new CelError('cannot convert value to integer');
  return quantity.amount.nanos / unit;
}

const compare = (a: CelQuantity, b: CelQuantity): number => compareQuantities(a.amount, b.amount);
const ofInt = (value: bigint): Quantity => ({ ...quantityFromNumber(0), nanos: value * unit });

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
}

class CelSemver implements Opaque {
  readonly celType = kubernetesType('Semver');
  readonly version: Version;
  constructor(version: Version) {
    this.version = version;
  }
  equals(other: Opaque): boolean {
    return other instanceof CelSemver && compareVersions(this, other) === 0;
  }
}

const semverPattern = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;

/** Undefined where the text is no version of semver.org 2.0. */
function parseSemver(text: string): CelSemver | undefined {
  const [, major, minor, patch, pre] = semverPattern.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  const labels = pre?.split('.') ?? [];
  if (labels.some((label) => /^0\d+$/.test(label))) return undefined;
  return new CelSemver({ numbers: [BigInt(major), BigInt(minor), BigInt(patch)], pre: labels });
}

/** `v1.02` → `1.2.0`. */
function normalized(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([\d.]*)(.*)$/s.exec(text) ?? [];
  const parts = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  if (parts.length > 3 || parts.includes('')) return text;
  return [...parts, '0', '0'].slice(0, 3).join('.') + rest;
}

function semverOf(text: string, isNormalized = false): CelSemver {
  const version = parseSemver(isNormalized ? normalized(text) : text);
  if (version === undefined) throw new CelError(semverProblem(isNormalized ? normalized(text) : text));
  return version;
}

function semverProblem(text: string): string {
  if (text === '') return 'Version string empty';
  const parts = text.split('.');
  if (parts.length < 3) return 'No Major.Minor.Patch elements found';
  const names = ['major', 'minor', 'patch'];
  for (const [index, name] of names.entries()) {
    const part = (parts[index] ?? '').replace(/[-+].*$/, '');
    if (!/^\d+$/.test(part)) return `Invalid character(s) found in ${name} number "${parts[index] ?? ''}"`;
    if (/^0\d/.test(part)) return `${name[0]?.toUpperCase()}${name.slice(1)} number must not contain leading zeroes "${part}"`;
  }
  return 'Invalid character(s) found in prerelease';
}

function compareVersions({ version: a }: CelSemver, { version: b }: CelSemver): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length);
  for (const [index, label] of a.pre.entries()) {
    const other = b.pre[index];
    const difference = other === undefined ? 1 : compareLabels(label, other);
    if (difference !== 0) return difference;
  }
  return a.pre.length < b.pre.length ? -1 : 0;
}

function compareLabels(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumber && isOtherNumber) return Number(BigInt(a) - BigInt(b) > 0n) - Number(BigInt(a) - BigInt(b) < 0n);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

const parsing = traversing(0);

export const quantities: readonly FunctionRow[] = [
  ['quantity(string): Quantity', quantityOf, parsing],
  ['isQuantity(string): bool', (text: string) => parseQuantity(text).ok, parsing],
  ['Quantity.sign(): int', ({ amount }: CelQuantity) => (amount.nanos > 0n ? 1n : amount.nanos < 0n ? -1n : 0n)],
  ['Quantity.isGreaterThan(Quantity): bool', (a: CelQuantity, b: CelQuantity) => compare(a, b) > 0],
  ['Quantity.isLessThan(Quantity): bool', (a: CelQuantity, b: CelQuantity) => compare(a, b) < 0],
  ['Quantity.compareTo(Quantity): int', (a: CelQuantity, b: CelQuantity) => BigInt(compare(a, b))],
  ['Quantity.asApproximateFloat(): double', ({ amount }: CelQuantity) => Number(amount.nanos) / 1e9],
  ['Quantity.asInteger(): int', integerOf],
  ['Quantity.isInteger(): bool', isInteger],
  ['Quantity.add(Quantity): Quantity', (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantities(a.amount, b.amount))],
  ['Quantity.add(int): Quantity', (a: CelQuantity, b: bigint) => new CelQuantity(addQuantities(a.amount, ofInt(b)))],
  ['Quantity.sub(Quantity): Quantity', (a: CelQuantity, b: CelQuantity) => new CelQuantity(subtractQuantities(a.amount, b.amount))],
  ['Quantity.sub(int): Quantity', (a: CelQuantity, b: bigint) => new CelQuantity(subtractQuantities(a.amount, ofInt(b)))],
  ['semver(string): Semver', (text: string) => semverOf(text), parsing],
  ['semver(string, bool): Semver', semverOf, parsing],
  ['isSemver(string): bool', (text: string) => parseSemver(text) !== undefined, parsing],
  ['isSemver(string, bool): bool', (text: string, isNormalized: boolean) => parseSemver(isNormalized ? normalized(text) : text) !== undefined, parsing],
  ['Semver.isGreaterThan(Semver): bool', (a: CelSemver, b: CelSemver) => compareVersions(a, b) > 0],
  ['Semver.isLessThan(Semver): bool', (a: CelSemver, b: CelSemver) => compareVersions(a, b) < 0],
  ['Semver.compareTo(Semver): int', (a: CelSemver, b: CelSemver) => BigInt(compareVersions(a, b))],
  ['Semver.major(): int', ({ version }: CelSemver) => version.numbers[0]],
  ['Semver.minor(): int', ({ version }: CelSemver) => version.numbers[1]],
  ['Semver.patch(): int', ({ version }: CelSemver) => version.numbers[2]],
];
