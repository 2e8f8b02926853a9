import { expect, test } from 'vitest';
import type { V1Container, V1Pod, V1PodSpec } from '../../api/generated/types.ts';
import type { Container, Sandbox } from '../runtime/runtime.ts';
import { planPod, type PodAction, type PodView, wantsStart } from './plan.ts';

const identity = { uid: 'u', namespace: 'default', name: 'web' };
const sandbox: Sandbox = { id: 's1', pod: identity, node: 'n', attempt: 0, state: 'ready', ip: '10.0.0.2', createdAt: 0, labels: {} };

function podOf(spec: Partial<V1PodSpec> = {}): V1Pod {
  return { metadata: { name: 'web', namespace: 'default', uid: 'u' }, spec: { containers: [{ name: 'main', image: 'x' }], ...spec } };
}

function made(name: string, more: Partial<Container> = {}): Container {
  return { id: `${name}-${more.attempt ?? 0}`, pod: identity, node: 'n', sandboxId: 's1', name, attempt: 0, state: 'running', image: 'x', imageId: 'x', createdAt: more.attempt ?? 0, labels: {}, ...more };
}

const ended = (name: string, exitCode: number, more: Partial<Container> = {}): Container => made(name, { state: 'exited', exitCode, finishedAt: 1000, ...more });

function planOf(view: Partial<PodView>) {
  return planPod({
    pod: podOf(),
    now: 100_000,
    sandboxes: [sandbox],
    containers: [],
    terminating: false,
    graceSeconds: 30,
    volumesReady: true,
    probe: () => ({ started: true }),
    restartDelay: () => 0,
    notBefore: () => undefined,
    upToDate: () => true,
    resize: () => 'none',
    ...view,
  });
}

/** `startContainer main 1`, `stopContainer main: message`. */
function told(action: PodAction): string {
  switch (action.type) {
    case 'startContainer':
      return `start ${action.container.spec.name} ${action.attempt}`;
    case 'stopContainer':
      return `stop ${action.container.name}: ${action.message}`;
    case 'resizeContainer':
      return `resize ${action.container.name}`;
    case 'removeContainer':
      return `remove ${action.container.id}`;
    case 'makeSandbox':
      return `makeSandbox ${action.attempt}`;
    case 'stopSandbox':
    case 'removeSandbox':
      return `${action.type} ${action.sandbox.id}`;
    case 'prepareVolumes':
    case 'finish':
      return action.type;
  }
}

const sidecar: V1Container = { name: 'side', image: 'x', restartPolicy: 'Always' };
const init: V1Container = { name: 'init', image: 'x' };
const dead: Sandbox = { ...sandbox, id: 's0', state: 'notReady' };

test.each<[string, Partial<PodView>, readonly string[]]>([
  ['a new pod gets its volumes and its sandbox at once', { sandboxes: [], volumesReady: false }, ['prepareVolumes', 'makeSandbox 0']],
  ['nothing starts before the volumes are there', { volumesReady: false }, ['prepareVolumes']],
  ['then its container starts', {}, ['start main 0']],
  ['a running pod is left alone', { containers: [made('main')] }, []],
  ['a running container is resized in place', { containers: [made('main')], resize: () => 'inPlace' }, ['resize main']],
  ['or restarted where its policy wants that', { containers: [made('main')], resize: () => 'restart' }, ['stop main: Container main resize requires restart']],
  ['a container that ended starts again, counted', { containers: [ended('main', 0)] }, ['start main 1']],
  ['OnFailure leaves a success alone', { pod: podOf({ restartPolicy: 'OnFailure' }), containers: [ended('main', 0)] }, []],
  ['OnFailure mends a failure', { pod: podOf({ restartPolicy: 'OnFailure' }), containers: [ended('main', 1)] }, ['start main 1']],
  ['Never mends nothing', { pod: podOf({ restartPolicy: 'Never' }), containers: [ended('main', 1)] }, []],
  ['containers start one after the other', { pod: podOf({ containers: [{ name: 'a' }, { name: 'b' }] }) }, ['start a 0']],
  ['init containers come first', { pod: podOf({ initContainers: [init] }) }, ['start init 0']],
  ['main containers wait for a running init container', { pod: podOf({ initContainers: [init] }), containers: [made('init')] }, []],
  ['and start once it has succeeded', { pod: podOf({ initContainers: [init] }), containers: [ended('init', 0)] }, ['start main 0']],
  ['a failed init container runs again', { pod: podOf({ initContainers: [init] }), containers: [ended('init', 1)] }, ['start init 1']],
  ['unless the pod never restarts', { pod: podOf({ initContainers: [init], restartPolicy: 'Never' }), containers: [ended('init', 1)] }, []],
  ['a lost record of an init container does not run it again', { pod: podOf({ initContainers: [init] }), containers: [made('main')] }, []],
  ['a sidecar holds up what follows until it has started', { pod: podOf({ initContainers: [sidecar] }), containers: [made('side')], probe: () => ({ started: false }) }, []],
  ['and is kept running beside the main containers', { pod: podOf({ initContainers: [sidecar] }), containers: [ended('side', 0), made('main')] }, ['start side 1']],
  [
    'but ends with them',
    { pod: podOf({ initContainers: [sidecar], restartPolicy: 'Never' }), containers: [made('side'), ended('main', 0)] },
    ['stop side: Stopping container side'],
  ],
  ['an unhealthy container is ended', { containers: [made('main')], probe: () => ({ started: true, unhealthy: 'liveness' }) }, ['stop main: Container main failed liveness probe, will be restarted']],
  ['one that was made from an older spec too', { containers: [made('main')], upToDate: () => false }, ['stop main: Container main definition changed, will be restarted']],
  ['without its sandbox nothing may run', { sandboxes: [dead], containers: [made('main', { sandboxId: 's0' })] }, ['stop main: Pod sandbox changed, it will be killed and re-created.']],
  ['then the sandbox is made anew', { sandboxes: [dead], containers: [ended('main', 137, { sandboxId: 's0' })] }, ['makeSandbox 1']],
  ['and the containers start in it, counted on', { sandboxes: [dead, sandbox], containers: [ended('main', 137, { sandboxId: 's0' })] }, ['removeSandbox s0', 'start main 1']],
  ['a pod that is done needs no new sandbox', { pod: podOf({ restartPolicy: 'Never' }), sandboxes: [dead], containers: [ended('main', 0)] }, []],
  ['one dead container of a name is kept', { containers: [ended('main', 1), ended('main', 1, { attempt: 1 }), made('main', { attempt: 2 })] }, ['remove main-0']],
  ['ephemeral containers start once', { pod: podOf({ ephemeralContainers: [{ name: 'debug' }] }), containers: [made('main'), ended('debug', 0)] }, []],
  ['an ending pod stops what runs', { terminating: true, containers: [made('main')] }, ['stop main: Stopping container main']],
  ['sidecars last', { pod: podOf({ initContainers: [sidecar] }), terminating: true, containers: [made('side'), made('main')] }, ['stop main: Stopping container main']],
  ['then its sandbox', { terminating: true, containers: [ended('main', 0)] }, ['stopSandbox s1']],
  ['then it is finished', { terminating: true, sandboxes: [dead], containers: [ended('main', 0)] }, ['finish']],
])('%s', (_name, view, expected) => {
  expect(planOf(view).actions.map(told)).toEqual(expected);
});

test('a container that failed waits for its back-off, and the plan says until when', () => {
  const plan = planOf({ containers: [ended('main', 1, { finishedAt: 95_000 })], restartDelay: () => 10_000 });
  expect(plan).toEqual({ actions: [], backingOff: new Set(['main']), wakeAt: 105_000 });
});

test('what the records have lost is counted on from the status', () => {
  const pod: V1Pod = { ...podOf(), status: { containerStatuses: [{ name: 'main', image: 'x', imageID: '', ready: true, restartCount: 4, containerID: 'docker://gone' }] } };
  expect(planOf({ pod }).actions.map(told)).toEqual(['start main 5']);
});

test('a container that was made but never started is to be started', () => {
  expect(wantsStart(podOf({ restartPolicy: 'Never' }), made('main', { state: 'created' }))).toBe(true);
});

test('a probe may give less time to end than the pod does', () => {
  const probe = { exec: { command: ['true'] }, terminationGracePeriodSeconds: 3 };
  const grace = (unhealthy: 'liveness' | 'startup') => planOf({ pod: podOf({ containers: [{ name: 'main', livenessProbe: probe, startupProbe: { exec: {} } }] }), containers: [made('main')], probe: () => ({ started: true, unhealthy }) }).actions;
  expect(grace('liveness')).toMatchObject([{ type: 'stopContainer', graceSeconds: 3 }]);
  expect(grace('startup')).toMatchObject([{ type: 'stopContainer', graceSeconds: 30 }]);
});
