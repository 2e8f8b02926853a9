import { expect, it } from 'vitest';
import type { Manifest } from './manifest.ts';
import { AppliedSources, type Recorded } from './sources.ts';

function sources(): AppliedSources {
  const memory = new Map<string, Readonly<Record<string, readonly Recorded[]>>>();
  return new AppliedSources({ get: (context) => memory.get(context) ?? {}, set: (context, files) => void memory.set(context, files) });
}

const manifest = (name: string, kind = 'ConfigMap'): Manifest => ({ index: 0, apiVersion: 'v1', kind, name, text: '' });
const from = (file: string, ...names: readonly string[]) => names.map((name) => ({ file, manifest: manifest(name) }));

it('knows what is no longer in a file, and what files were in a folder', () => {
  const known = sources();
  known.record('walk', 'default', [...from('file:///app/a.yaml', 'one', 'two'), ...from('file:///app/b.yaml', 'three'), ...from('file:///application.yaml', 'other')]);
  const names = (place: string, ...present: readonly string[]) => known.stale('walk', place, 'default', present.map((name) => manifest(name))).map(({ name }) => name);
  expect(names('file:///app/a.yaml', 'one')).toEqual(['two']);
  expect(names('file:///app', 'one', 'two')).toEqual(['three']);
  known.forget('walk', known.stale('walk', 'file:///app', 'default', []));
  expect(names('file:///app')).toEqual([]);
  expect(names('file:///application.yaml')).toEqual(['other']);
  expect(known.stale('elsewhere', 'file:///app', 'default', [])).toEqual([]);
});

it('takes the same object of another version, and of the namespace that was meant, for the same', () => {
  const known = sources();
  known.record('walk', 'shop', [{ file: 'f', manifest: { ...manifest('web', 'Deployment'), apiVersion: 'apps/v1' } }]);
  expect(known.stale('walk', 'f', 'default', [{ ...manifest('web', 'Deployment'), apiVersion: 'apps/v2', namespace: 'shop' }])).toEqual([]);
});
