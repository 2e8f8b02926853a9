/** Requests and manifests that are wrong: each gets Kubernetes' words, and the cluster goes on. */
import { createConnection } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../support/api.ts';
import { TestCluster } from '../support/kubicle.ts';

const cluster = new TestCluster('bad-input', 'simulated');
const configMaps = '/api/v1/namespaces/default/configmaps';
let api: Api;

beforeAll(async () => {
  await cluster.up();
  api = new Api(cluster.file);
});

afterAll(async () => {
  api[Symbol.dispose]();
  await cluster[Symbol.asyncDispose]();
});

test('a manifest of 5 MB', async () => {
  const body = JSON.stringify({ metadata: { name: 'large' }, data: { text: 'x'.repeat(5 * 1024 * 1024) } });
  const { status, body: answer } = await api.send('POST', configMaps, body);
  expect([status, answer]).toEqual([413, expect.objectContaining({ kind: 'Status', reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728', code: 413 })]);
});

test.each([
  ['broken YAML', 'a: [', 'application/yaml', 400, /yaml|flow/i],
  ['broken JSON', '{"metadata":', 'application/json', 400, /unexpected|json/i],
  ['no body', '', 'application/json', 400, /./],
  // Go puts U+FFFD for what is not UTF-8, and reads on: what is missing is the name.
  ['wrong UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 'application/json', 422, /name or generateName is required/],
  ['nothing but nesting', '['.repeat(200_000), 'application/json', 400, /./],
  ['another kind', '{"apiVersion":"v1","kind":"Frob","metadata":{"name":"a"}}', 'application/json', 400, /no kind "Frob" is registered|does not match/],
  ['a wrong type', '{"metadata":{"name":"a"},"data":{"a":1}}', 'application/json', 400, /cannot unmarshal number into Go struct field ConfigMap\.data of type string/],
  ['a name that is none', '{"metadata":{"name":"A_B"}}', 'application/json', 422, /Invalid value: "A_B"/],
  ['a media type that is none', '{}', 'text/frob', 415, /media type|body/],
])('%s', async (_title, body, type, status, message) => {
  const answer = await api.send('POST', configMaps, body, { 'content-type': type });
  expect(answer.status).toBe(status);
  expect(answer.body.message).toMatch(message);
});

test('keys that would reach into JavaScript are plain keys', async () => {
  const answer = await api.send('POST', configMaps, '{"metadata":{"name":"proto","labels":{"constructor":"x"}},"data":{"__proto__":"a","constructor":"b"}}');
  expect(answer.status).toBe(201);
  const { body } = await api.send('GET', `${configMaps}/proto`);
  expect(JSON.stringify(body.data)).toBe('{"__proto__":"a","constructor":"b"}');
});

test('duplicate keys', async () => {
  const answer = await api.send('POST', `${configMaps}?fieldValidation=Strict`, '{"metadata":{"name":"twice"},"data":{"a":"1","a":"2"}}');
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining('strict decoding error: duplicate field "data.a"')]);
});

test('bytes that stop in the middle, or are no TLS', async () => {
  const { hostname, port } = new URL(cluster.file.url);
  await new Promise<void>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ca: cluster.file.ca }, () => {
      socket.write(`POST ${configMaps} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${cluster.file.token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"half`, () => socket.destroy());
    });
    socket.on('close', () => resolve());
  });
  await new Promise<void>((resolve) => {
    const socket = createConnection(Number(port), hostname, () => socket.end('GET / HTTP/1.1\r\n\r\n'));
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.resume();
  });
  expect((await api.send('GET', '/readyz')).body).toBe('ok');
});
