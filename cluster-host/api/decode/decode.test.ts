import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import type { Type } from '../catalogue/schema.ts';
import { parseJson } from './json.ts';
import { plainDocument } from './parsed.ts';
import { decode, decodeError, strictProblems } from './typed.ts';
import { parseYaml } from './yaml.ts';

function typeOf(group: string, kind: string): Type {
  const type = kindType({ group, version: 'v1', kind });
  if (type === undefined) throw new Error(kind);
  return type;
}
const pod = typeOf('', 'Pod');

function decodeText(text: string, type = pod) {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return decode(parsed.value, type);
}

describe('JSON', () => {
  it.each([
    ['', 'unexpected end of JSON input'],
    ['{"a":1', 'unexpected end of JSON input'],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['1 2', "invalid character '2' after top-level value"],
    ['"\n"', String.raw`invalid character '\n' in string literal`],
    [String.raw`"\x"`, "invalid character 'x' in string escape code"],
    [String.raw`"\u12g4"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['['.repeat(5000), 'exceeded max depth'],
  ])('%s: %s', (text, error) => {
    expect(parseJson(text)).toEqual({ ok: false, error });
  });

  it('reads escapes of characters that need none', () => {
    const text = String.raw`{"a":"x \u003e\u0026 y\u00e9"}`;
    const parsed = parseJson(text);
    expect(parsed.ok && parsed.value.value).toEqual(JSON.parse(text));
  });

  it('reads whatever JSON.parse reads, the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = parseJson(text);
        expect(parsed.ok && parsed.value.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const isJson = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        expect(parseJson(text).ok).toBe(isJson);
      }),
    );
  });

  it('puts a replacement character for half of a surrogate pair', () => {
    expect(parseJson(String.raw`["\ud800","\ud83d\ude00"]`)).toMatchObject({ ok: true, value: { value: ['\uFFFD', '\u{1F600}'] } });
  });

  it('keeps __proto__ an ordinary key', () => {
    const parsed = parseJson('{"__proto__":{"polluted":true}}');
    expect(parsed.ok && Object.keys(parsed.value.value as object)).toEqual(['__proto__']);
    expect(({} as any).polluted).toBeUndefined();
    const configMap = decodeText('{"data":{"__proto__":"x"}}', typeOf('', 'ConfigMap'));
    expect(JSON.stringify(configMap.value.data)).toBe('{"__proto__":"x"}');
  });
});

describe('YAML', () => {
  it('follows YAML 1.1 as Kubernetes does', () => {
    const text = 'a: yes\nb: off\nc: 012\nd: 0x1F\ne: 1_000\nf: 2001-01-01\ng: "yes"\nh: ~\ni:\nj: .5\nk: 08\nl: 1e3\nm: |\n  text\n1: one\non: x\nn: !!str 5\no: 1:30\np: -0b11\n';
    const parsed = parseYaml(text);
    expect(parsed.ok && parsed.value.value).toEqual({
      a: true, b: false, c: 10, d: 31, e: 1000, f: '2001-01-01', g: 'yes', h: null, i: null, j: 0.5, k: 8, l: 1000, m: 'text\n', 1: 'one', true: 'x', false: '5', o: '1:30', p: -3,
    });
  });

  it('merges anchors, remarks duplicates by line, takes the first document', () => {
    const parsed = parseYaml('base: &b {x: 1, z: 2}\nuse:\n  <<: *b\n  z: 3\n  z: 4\n---\nsecond: true\n');
    expect(parsed.ok && parsed.value.value).toEqual({ base: { x: 1, z: 2 }, use: { x: 1, z: 4 } });
    expect(parsed.ok && parsed.value.strictError).toBe('yaml: unmarshal errors:\n  line 5: key "z" already set in map');
  });

  it('refuses what is broken, too deep or too much', () => {
    expect(parseYaml('a: b: c')).toMatchObject({ ok: false });
    expect(parseYaml('a: *nope')).toMatchObject({ ok: false });
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]', ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]`)].join('\n');
    expect(parseYaml(bomb)).toEqual({ ok: false, error: 'error converting YAML to JSON: yaml: document contains excessive aliasing' });
  });
});

describe('typed decoding', () => {
  it('keeps what is known, normalised, and writes what Go writes', () => {
    const { value, problems } = decodeText(
      `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{},"creationTimestamp":"2024-01-02T03:04:05.678+01:00"},"spec":{"hostNetwork":false,
        "terminationGracePeriodSeconds":0,"containers":[{"name":"c","args":[],"resources":{"limits":{"cpu":0.5,"memory":"1024Mi"}},"livenessProbe":null}]}}`,
    );
    expect(problems).toEqual([]);
    expect(value).toEqual({
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', creationTimestamp: '2024-01-02T02:04:05Z' },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', resources: { limits: { cpu: '500m', memory: '1Gi' } } }] },
      status: {},
    });
  });

  it('reports unknown and duplicate fields apart, with their paths', () => {
    const { value, problems } = decodeText('{"spec":{"containers":[{"name":"a","image":"x","imge":"y","image":"z"}],"Containers":[]},"metadata":{"labels":{"a":"1","a":"2"}},"foo":{"bar":1}}');
    expect(strictProblems(problems)).toEqual([
      'unknown field "spec.containers[0].imge"',
      'duplicate field "spec.containers[0].image"',
      'unknown field "spec.Containers"',
      'duplicate field "metadata.labels.a"',
      'unknown field "foo"',
    ]);
    expect(problems[0]?.path).toEqual(['spec', 'containers', 0, 'imge']);
    expect(value.spec.containers).toEqual([{ name: 'a', image: 'z', resources: {} }]);
    expect(decodeError(problems)).toBeUndefined();
  });

  it.each([
    ['{"spec":{"containers":"x"}}', 'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container'],
    ['{"spec":[]}', 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
    ['{"spec":{"containers":[{"args":[1]}]}}', 'json: cannot unmarshal number into Go struct field Container.spec.containers.args of type string'],
    ['{"spec":{"containers":[{"imagePullPolicy":1}]}}', 'json: cannot unmarshal number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy'],
    ['{"spec":{"volumes":[{"configMap":"x"}]}}', 'json: cannot unmarshal string into Go struct field Volume.spec.volumes.VolumeSource.configMap of type v1.ConfigMapVolumeSource'],
    ['{"metadata":{"labels":{"a":1}}}', 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string'],
    ['{"spec":{"containers":[{"ports":[{"containerPort":"80"}]}]}}', 'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32'],
    ['{"spec":{"containers":[{"ports":[{"containerPort":80.5}]}]}}', 'json: cannot unmarshal number 80.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32'],
    ['{"spec":{"containers":[{"ports":[{"containerPort":3000000000}]}]}}', 'json: cannot unmarshal number 3000000000 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32'],
    ['{"spec":{"hostNetwork":"true"}}', 'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool'],
    ['{"spec":{"containers":[{"resources":{"limits":{"cpu":"x"}}}]}}', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['{"spec":{"containers":[{"resources":{"limits":[]}}]}}', 'json: cannot unmarshal array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList'],
    ['{"spec":{"containers":[{"livenessProbe":{"httpGet":{"port":true}}}]}}', 'json: cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32'],
    ['{"metadata":{"creationTimestamp":"now"}}', 'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"'],
    ['{"metadata":{"creationTimestamp":"2024-13-01T00:00:00Z"}}', 'parsing time "2024-13-01T00:00:00Z": month out of range'],
    ['{"metadata":{"creationTimestamp":5}}', 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string'],
    // The first wrong type is told, unless a bad value ends decoding.
    ['{"spec":{"nodeName":1,"hostNetwork":"x"}}', 'json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string'],
    ['{"spec":{"nodeName":1,"overhead":{"cpu":"x"}}}', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ])('%s: %s', (text, error) => {
    expect(decodeError(decodeText(text).problems)).toBe(error);
  });

  it('decodes base64', () => {
    const secret = typeOf('', 'Secret');
    expect(decodeText('{"data":{"a":"aGk=","b":"","c":null}}', secret).value.data).toEqual({ a: 'aGk=', b: '', c: '' });
    expect(decodeError(decodeText('{"data":{"a":"!"}}', secret).problems)).toBe('illegal base64 data at input byte 0');
    expect(decodeError(decodeText('{"data":{"a":"aGk"}}', secret).problems)).toBe('illegal base64 data at input byte 0');
  });

  it('takes null for the zero value', () => {
    const { value, problems } = decodeText('{"metadata":null,"spec":{"containers":[null],"volumes":null,"nodeName":null,"overhead":{"cpu":null}}}');
    expect(problems).toEqual([]);
    expect(value).toEqual({ metadata: {}, spec: { containers: [{ name: '', resources: {} }], overhead: { cpu: '0' } }, status: {} });
  });

  it('decodes what it decoded to the same, whatever the input', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (spec, metadata) => {
        const once = decode(plainDocument({ metadata, spec }), pod).value;
        expect(decode(plainDocument(once), pod).value).toEqual(once);
      }),
    );
  });
});
