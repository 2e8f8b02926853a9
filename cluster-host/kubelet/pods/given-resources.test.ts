import { expect, test } from 'vitest';
import type { V1Container, V1ResourceRequirements } from '../../api/generated/types.ts';
import { resourcesLabel } from '../containers/container-config.ts';
import type { Container } from '../runtime/runtime.ts';
import { GivenResources } from './given-resources.ts';

const made = (resources: V1ResourceRequirements): Container => ({
  id: 'c', pod: { uid: 'u', namespace: 'default', name: 'p' }, node: 'n', sandboxId: 's', name: 'main', attempt: 0, state: 'running', image: 'x', imageId: 'x', createdAt: 0,
  labels: { [resourcesLabel]: JSON.stringify(resources) },
});
const spec = (resources: V1ResourceRequirements, restartOn?: string): V1Container => ({ name: 'main', resources, resizePolicy: restartOn === undefined ? [] : [{ resourceName: restartOn, restartPolicy: 'RestartContainer' }] });

test.each([
  ['the same in other words', { requests: { cpu: '1' } }, spec({ requests: { cpu: '1000m' } }), 'none'],
  ['more of it', { requests: { cpu: '1' } }, spec({ requests: { cpu: '2' } }), 'inPlace'],
  ['a new limit', {}, spec({ limits: { memory: '1Gi' } }), 'inPlace'],
  ['what wants a restart', { limits: { memory: '1Gi' } }, spec({ limits: { memory: '2Gi' } }, 'memory'), 'restart'],
  ['what wants none, beside what would', { limits: { cpu: '1' } }, spec({ limits: { cpu: '2' } }, 'memory'), 'inPlace'],
  ['resources that are never resized', {}, spec({ requests: { 'example.com/gpu': '1' } }), 'none'],
])('%s', (_, given, wanted, expected) => expect(new GivenResources().resizeOf(wanted, made(given))).toBe(expected));

test('what was given later counts', () => {
  const given = new GivenResources();
  given.note('c', { requests: { cpu: '2' } });
  expect(given.resizeOf(spec({ requests: { cpu: '2' } }), made({ requests: { cpu: '1' } }))).toBe('none');
});
