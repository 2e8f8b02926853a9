import { describe, expect, it } from 'vitest';
import * as names from './names.ts';

const label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const qualified = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

describe('names', () => {
  it('labels', () => {
    expect(names.checkDnsLabel('web-1')).toEqual([]);
    expect(names.checkDnsLabel('Web')).toEqual([label]);
    expect(names.checkDnsLabel('a.b')).toEqual(['must not contain dots']);
    expect(names.checkDnsLabel('a'.repeat(64))).toEqual(['must be no more than 63 characters']);
    expect(names.checkDnsLabel('web\n')).toEqual([label]);
  });

  it('subdomains', () => {
    expect(names.checkDnsSubdomain('a.b-c.d')).toEqual([]);
    expect(names.checkDnsSubdomain('a_b')).toEqual([
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
  });

  it('label keys and values', () => {
    expect(names.checkQualifiedName('app.kubernetes.io/name')).toEqual([]);
    expect(names.checkQualifiedName('')).toEqual(['name part must be non-empty', `name part ${qualified}`]);
    expect(names.checkQualifiedName('/x')).toEqual(['prefix part must be non-empty']);
    expect(names.checkQualifiedName('a/b/c')).toEqual([`a valid label key ${qualified} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]);
    expect(names.checkQualifiedName('a'.repeat(64))).toEqual(['name part must be no more than 63 bytes']);
    expect(names.checkLabelValue('')).toEqual([]);
    expect(names.checkLabelValue('-')).toHaveLength(1);
  });

  it('ports', () => {
    expect(names.checkPortName('http')).toEqual([]);
    expect(names.checkPortName('-80-')).toEqual(['must contain at least one letter (a-z)', 'must not begin or end with a hyphen']);
    expect(names.checkPortName('a--b')).toEqual(['must not contain consecutive hyphens']);
    expect(names.checkPortNumber(0)).toEqual(['must be between 1 and 65535, inclusive']);
  });

  it('keys of config maps and environment variables', () => {
    expect(names.checkConfigMapKey('..')).toEqual(["must not be '..'"]);
    expect(names.checkConfigMapKey('..a')).toEqual(["must not start with '..'"]);
    expect(names.checkEnvVarName('A B')).toEqual([]);
    expect(names.checkEnvVarName('A=B')).toEqual(["a valid environment variable name must consist only of printable ASCII characters other than '='"]);
    expect(names.checkEnvVarName('')).toEqual(['environment variable name must be non-empty']);
  });

  it('path segments', () => {
    expect(names.nameIsPathSegment('..', false)).toEqual(["may not be '..'"]);
    expect(names.nameIsPathSegment('a/b%', false)).toEqual(["may not contain '/'", "may not contain '%'"]);
  });

  it('lets a prefix end with a dash', () => {
    expect(names.nameIsDnsLabel('web-', true)).toEqual([]);
    expect(names.nameIsDnsLabel('web-', false)).toEqual([label]);
  });
});
