/** What a certificate is good for (RFC 5280, sections 4.2.1.3 and 4.2.1.12), by the names of certificates.k8s.io. */
import { bits, type Der } from './der.ts';

/** Numbers of the bits of the KeyUsage extension. */
const keyUsages: Readonly<Record<string, number>> = {
  signing: 0,
  'digital signature': 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
  'cert sign': 5,
  'crl sign': 6,
  'encipher only': 7,
  'decipher only': 8,
};

/** Object identifiers of the ExtendedKeyUsage extension. */
const extendedUsages: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

/** The bits of the KeyUsage extension, left out where none is set, and the identifiers of the other one. */
export function usagesOf(names: readonly string[]): { readonly bits: Der | undefined; readonly purposes: readonly string[] } {
  const numbers = names.flatMap((name) => keyUsages[name] ?? []);
  return { bits: numbers.length === 0 ? undefined : bitsOf(numbers), purposes: [...new Set(names.flatMap((name) => extendedUsages[name] ?? []))] };
}

/** As short as it can be: the last bit is set. */
function bitsOf(numbers: readonly number[]): Der {
  const highest = Math.max(...numbers);
  const bytes = Buffer.alloc((highest >> 3) + 1);
  for (const number of numbers) bytes[number >> 3] = (bytes[number >> 3] ?? 0) | (0x80 >> (number & 7));
  return bits(bytes, 7 - (highest & 7));
}
