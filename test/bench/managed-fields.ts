/** What keeping the owners of fields costs each write, beside copying the object, which a write does anyway. */
import { allBut } from '../../cluster-host/api/apply/field-set.ts';
import { applyConfiguration } from '../../cluster-host/api/apply/apply.ts';
import { noOtherVersions } from '../../cluster-host/api/apply/management.ts';
import { managedFieldsAfterUpdate } from '../../cluster-host/api/apply/update.ts';
import { kindType } from '../../cluster-host/api/catalogue/catalogue.ts';
import type { KubeObject } from '../../cluster-host/api/object.ts';
import { copy } from '../../cluster-host/api/values.ts';
import { printRow } from './report.ts';

const gvk = { group: '', version: 'v1', kind: 'Pod' };
const runs = 2000;

/** Milliseconds of one run, warm. */
function perRun(act: () => unknown): number {
  for (let i = 0; i < runs / 4; i++) act();
  const start = performance.now();
  for (let i = 0; i < runs; i++) act();
  return (performance.now() - start) / runs;
}

function container(name: string): object {
  const env = ['A', 'B'].map((one) => ({ name: one, value: 'x' }));
  return { name, image: 'i', imagePullPolicy: 'Always', resources: { limits: { cpu: '1' } }, terminationMessagePath: '/t', terminationMessagePolicy: 'File', ports: [{ containerPort: 80, protocol: 'TCP' }], env };
}

function pod(): KubeObject {
  const spec = { containers: ['a', 'b'].map(container), dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler', securityContext: {}, terminationGracePeriodSeconds: 30, volumes: [{ name: 'v', emptyDir: {} }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n', labels: { app: 'x' } }, spec, status: { phase: 'Pending' } };
}

export function benchManagedFields(): Promise<void> {
  const type = kindType(gvk);
  if (type === undefined) throw new Error('the catalogue has no Pod');
  const facts = (subresource: string) => ({ gvk, type, subresource, settable: allBut(subresource === '' ? 'status' : 'spec'), versions: noOtherVersions, now: 0 });
  const created = pod();
  const create = () => managedFieldsAfterUpdate({ ...facts(''), live: undefined, object: created, manager: 'controller' });
  const live = { ...created, metadata: { ...created.metadata, uid: 'u', managedFields: create() ?? [] } };
  const running: KubeObject = copy(live);
  running['status'] = { phase: 'Running', podIP: '10.0.0.1', conditions: ['Ready', 'Initialized'].map((one) => ({ type: one, status: 'True' })) };
  const floor = { floor: perRun(() => copy(running)), floorName: 'a copy of the pod' };
  printRow({ name: 'owners of a new pod', value: perRun(create), unit: 'ms', ...floor });
  printRow({ name: 'owners after a status', value: perRun(() => managedFieldsAfterUpdate({ ...facts('status'), live, object: running, manager: 'kubelet' })), unit: 'ms', ...floor });
  const config = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels: { app: 'y' } } };
  printRow({ name: 'applying a label', value: perRun(() => applyConfiguration({ ...facts(''), live, config, manager: 'applier', force: true })), unit: 'ms', ...floor });
  return Promise.resolve();
}
