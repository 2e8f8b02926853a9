import { describe, expect, it } from 'vitest';
import type { V1ConfigMap } from '../api/generated/types.ts';
import { ApiError } from './client.ts';
import { configMaps, pods } from './resources.ts';
import { testSurroundings } from './testing/test-surroundings.ts';

function configMap(name: string, data: Record<string, string> = {}, namespace = 'default'): V1ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

function recording(log: string[]) {
  return {
    added: (object: V1ConfigMap) => void log.push(`+${object.metadata?.name}`),
    updated: (object: V1ConfigMap, old: V1ConfigMap) => void log.push(`~${object.metadata?.name} ${old.data?.['v']}>${object.data?.['v']}`),
    deleted: (object: V1ConfigMap) => void log.push(`-${object.metadata?.name}`),
  };
}

describe('shared informers', () => {
  it('tell what is there, then every change in order', async () => {
    const { api, client, informers, clock } = testSurroundings();
    api.seed([configMap('a', { v: '1' })]);
    const informer = informers.informer(configMaps);
    const log: string[] = [];
    informer.onChange(recording(log));
    await informer.synced();
    const resource = client.resource(configMaps, 'default');
    await resource.create(configMap('b'));
    await resource.patch('a', { data: { v: '2' } }, { type: 'merge' });
    await resource.delete('b');
    await clock.settle();
    expect(log).toEqual(['+a', '+b', '~a 1>2', '-b']);
    expect(informer.lister.get('default', 'a')?.data).toEqual({ v: '2' });
    expect(informer.lister.list('default')).toHaveLength(1);
    expect(informer.lister.list('other')).toEqual([]);
    const late: string[] = [];
    informer.onChange(recording(late));
    expect(late).toEqual(['+a']);
  });

  it('share one list and watch', async () => {
    const { api, informers } = testSurroundings();
    expect(informers.informer(pods)).toBe(informers.informer(pods));
    expect(informers.informer(pods, { fieldSelector: 'spec.nodeName=a' })).not.toBe(informers.informer(pods));
    await informers.informer(pods).synced();
    expect(api.requests.filter(({ path, query }) => path.endsWith('/pods') && query?.['fieldSelector'] === undefined)).toHaveLength(1);
  });

  it('resume a broken watch where it was', async () => {
    const { api, client, informers, clock } = testSurroundings();
    const informer = informers.informer(configMaps);
    const log: string[] = [];
    informer.onChange(recording(log));
    await informer.synced();
    await clock.settle();
    api.dropWatches(new Error('connection lost'));
    await client.resource(configMaps, 'default').create(configMap('a'));
    await clock.advance(5000);
    expect(log).toEqual(['+a']);
    expect(api.requests.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('list again after 410 and tell the difference, missed deletions included', async () => {
    const { api, client, informers, clock } = testSurroundings();
    api.seed([configMap('a', { v: '1' }), configMap('b'), configMap('c')]);
    const informer = informers.informer(configMaps);
    await informer.synced();
    await clock.settle();
    const log: string[] = [];
    const resource = client.resource(configMaps, 'default');
    api.dropWatches(new Error('connection lost'));
    await resource.delete('b');
    await resource.delete('c');
    await resource.create(configMap('c'));
    await resource.patch('a', { data: { v: '2' } }, { type: 'merge' });
    api.compact();
    informer.onChange(recording(log));
    log.length = 0;
    await clock.advance(10_000);
    expect(log).toEqual(['-b', '~a 1>2', '-c', '+c']);
  });

  it('back off while the server fails', async () => {
    let failing = true;
    const { informers, clock, api } = testSurroundings({ before: () => (failing ? new ApiError({ code: 503, reason: 'ServiceUnavailable' }) : undefined) });
    let synced = false;
    void informers.informer(configMaps).synced().then(() => (synced = true));
    await clock.advance(60_000);
    expect(api.requests.length).toBeGreaterThan(3);
    expect(api.requests.length).toBeLessThan(9);
    failing = false;
    await clock.advance(60_000);
    expect(synced).toBe(true);
  });

  it('keep declared indexes and refuse others', async () => {
    const { api, client, informers, clock } = testSurroundings();
    api.seed([configMap('a', { v: '1' }), configMap('b', { v: '1' })]);
    const informer = informers.informer(configMaps);
    await informer.synced();
    informer.addIndex('value', (object) => [object.data?.['v'] ?? '']);
    await client.resource(configMaps, 'default').patch('a', { data: { v: '2' } }, { type: 'merge' });
    await clock.settle();
    const names = (value: string) => informer.lister.byIndex('value', value).map((object) => object.metadata?.name);
    expect([names('1'), names('2'), names('3')]).toEqual([['b'], ['a'], []]);
    expect(() => informer.lister.byIndex('other', 'x')).toThrow('not declared');
  });
});
