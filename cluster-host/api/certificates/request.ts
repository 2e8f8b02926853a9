/** Certificate requests (PKCS #10, RFC 2986) in their PEM armour. Pure; whether the signature is good is not looked at here. */
import { failed, ok, type Result } from '../result.ts';
import { childrenOf, objectIdentifierOf, readElement, tags, textOf, type Element } from './der.ts';
import { firstBlock } from './pem.ts';

export interface CertificateRequest {
  /** The first one; empty where there is none. */
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Other names for the subject. */
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  /** Each of 4 or 16 bytes. */
  readonly addresses: readonly Uint8Array[];
  /** DER of the subject, of the public key (SubjectPublicKeyInfo), and of the extension with the other names. */
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly alternativeNames: Uint8Array | undefined;
  /** What was signed, how, and the signature. */
  readonly signed: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
}

const commonName = '2.5.4.3';
const organization = '2.5.4.10';
const extensionRequest = '1.2.840.113549.1.9.14';
const subjectAlternativeName = '2.5.29.17';
const malformed = 'asn1: structure error: the certificate request is not well-formed';

export function parseCertificateRequest(pem: string): Result<CertificateRequest> {
  const block = firstBlock(pem);
  if (block?.type !== 'CERTIFICATE REQUEST') return failed('PEM block type must be CERTIFICATE REQUEST');
  const request = block.bytes === undefined ? undefined : requestOf(block.bytes);
  return request === undefined ? failed(malformed) : ok(request);
}

function requestOf(bytes: Uint8Array): CertificateRequest | undefined {
  const [information, algorithm, signature] = childrenOf(readElement(bytes), tags.sequence) ?? [];
  const [, subject, publicKey, attributes] = childrenOf(information, tags.sequence) ?? [];
  const signatureAlgorithm = objectIdentifierOf(childrenOf(algorithm, tags.sequence)?.[0]);
  const names = namesOf(subject);
  if (information === undefined || subject === undefined || publicKey === undefined || signature?.tag !== tags.bits || signatureAlgorithm === undefined || names === undefined) return undefined;
  const extension = alternativeNamesOf(attributes);
  const others = childrenOf(extension === undefined ? undefined : readElement(extension), tags.sequence);
  if (extension !== undefined && others === undefined) return undefined;
  const texts = (tag: number): readonly string[] => (others ?? []).filter((name) => name.tag === tag).map((name) => new TextDecoder().decode(name.content));
  return {
    commonName: names.find(({ type }) => type === commonName)?.value ?? '',
    organizations: names.filter(({ type }) => type === organization).map(({ value }) => value),
    emailAddresses: texts(0x81),
    dnsNames: texts(0x82),
    uris: texts(0x86),
    addresses: (others ?? []).filter(({ tag }) => tag === 0x87).map(({ content }) => content),
    subject: subject.whole,
    publicKey: publicKey.whole,
    alternativeNames: extension,
    signed: information.whole,
    signatureAlgorithm,
    // The first byte says how many bits of the last one are not used: none.
    signature: signature.content.subarray(1),
  };
}

interface NamePart {
  readonly type: string;
  readonly value: string;
}

function namesOf(subject: Element | undefined): readonly NamePart[] | undefined {
  const sets = childrenOf(subject, tags.sequence);
  if (sets === undefined) return undefined;
  const parts: NamePart[] = [];
  for (const part of sets.flatMap((set) => childrenOf(set, tags.set) ?? [])) {
    const [type, value] = childrenOf(part, tags.sequence) ?? [];
    const identifier = objectIdentifierOf(type);
    if (identifier === undefined) return undefined;
    parts.push({ type: identifier, value: textOf(value) ?? '' });
  }
  return parts;
}

/** The content of the extension, where the attributes ask for it. */
function alternativeNamesOf(attributes: Element | undefined): Uint8Array | undefined {
  for (const attribute of childrenOf(attributes, 0xa0) ?? []) {
    const [type, values] = childrenOf(attribute, tags.sequence) ?? [];
    if (objectIdentifierOf(type) !== extensionRequest) continue;
    for (const extensions of childrenOf(values, tags.set) ?? []) {
      for (const extension of childrenOf(extensions, tags.sequence) ?? []) {
        const [identifier, ...rest] = childrenOf(extension, tags.sequence) ?? [];
        if (objectIdentifierOf(identifier) === subjectAlternativeName) return rest.find(({ tag }) => tag === tags.octets)?.content;
      }
    }
  }
  return undefined;
}
