import { describe, expect, it } from 'vitest';
import { objectsIn, type Manifest } from './manifest.ts';

const document = (kind: string, name: string, text: string): Manifest => ({ index: 3, apiVersion: 'v1', kind, name, text });

describe('objectsIn', () => {
  it('leaves an ordinary document as it is', () => {
    const manifest = document('ConfigMap', 'a', 'kind: ConfigMap');
    expect(objectsIn(manifest)).toEqual([manifest]);
  });

  it('takes a List apart, also one within another', () => {
    const inner = '{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {generateName: p-}}]}';
    const found = objectsIn(document('List', '', `items:\n- {apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}}\n- ${inner}\n- 1\n`));
    expect(found).toMatchObject([
      { index: 3, within: 'items[0].', apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop' },
      { index: 3, within: 'items[1].items[0].', apiVersion: 'v1', kind: 'Pod', name: '', generateName: 'p-' },
    ]);
    expect(JSON.parse(found[0]?.text ?? '')).toMatchObject({ metadata: { name: 'web' } });
  });

  it('sees that the server is to make the name', () => expect(objectsIn(document('Pod', '', 'metadata: {generateName: job-}'))).toMatchObject([{ generateName: 'job-' }]));
});
