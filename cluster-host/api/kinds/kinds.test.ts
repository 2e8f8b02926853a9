import { describe, expect, it } from 'vitest';
import { kindType } from '../catalogue/catalogue.ts';
import { findKind, findResource, kinds } from './kinds.ts';
import { recording } from './testing/recordings.ts';

const endpoints = recording('kubernetes/endpoints-1.36.tsv');
const discovery = recording('oracle/discovery-1.20.json');
const tables = recording('oracle/tables-1.20.json');

const groupOf = (name: string): string => (name === 'core' ? '' : name);
const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted();

/** Bodies of subresources: they have no resource of their own. */
const bodies = new Set(['Eviction', 'NodeProxyOptions', 'PodAttachOptions', 'PodExecOptions', 'PodPortForwardOptions', 'PodProxyOptions', 'Scale', 'ServiceProxyOptions', 'TokenRequest']);

describe('kinds', () => {
  it('have a schema each and names that no other has', () => {
    expect(kinds.filter((row) => kindType(row) === undefined).map(({ kind }) => kind)).toEqual([]);
    expect(new Set(kinds.map(({ group, version, plural }) => `${group}/${version}/${plural}`)).size).toBe(kinds.length);
  });

  it.skipIf(endpoints === undefined)('are all that Kubernetes 1.36 serves in stable versions (needs the recordings)', () => {
    const missing = (endpoints ?? '')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .filter(([level, , group = '', version = '', kind = '']) => level === 'stable' && kind !== '' && !bodies.has(kind) && findKind(groupOf(group), version, kind) === undefined)
      .map(([, , group, version, kind]) => `${group}/${version} ${kind}`);
    expect([...new Set(missing)]).toEqual([]);
  });

  it.skipIf(endpoints === undefined)('can do what Kubernetes 1.36 does with them (needs the recordings)', () => {
    const verbs: Readonly<Record<string, string>> = { post: 'create', put: 'update' };
    const missing: string[] = [];
    for (const line of (endpoints ?? '').trim().split('\n')) {
      const [level, , group = '', version = '', kind = '', action = '', path = ''] = line.split('\t');
      const at = /^\/apis?\/(?:[^/]+\/)?v\d+\/(?:namespaces\/\{namespace\}\/)?(?<plural>\w+)(?:\/\{name\}(?:\/(?<sub>\w+))?)?/.exec(path)?.groups;
      if (level !== 'stable' || kind === '' || bodies.has(kind) || action === 'connect' || at === undefined) continue;
      const row = findResource(groupOf(group), version, at['plural'] ?? '');
      const has = at['sub'] === undefined ? row?.verbs : row?.subresources[at['sub']]?.verbs;
      const verb = verbs[action] ?? action;
      if (!has?.includes(verb)) missing.push(`${verb} ${path}`);
    }
    expect(missing).toEqual([]);
  });

  // 1.20 had no deletecollection of services, and evictions of the beta version.
  const changed = new Set(['v1 services', 'v1 pods/eviction']);

  it.skipIf(discovery === undefined)('are described as a real API server describes them (needs the recordings)', () => {
    type Entry = Readonly<{ name: string; kind: string; namespaced: boolean; verbs: string[]; shortNames?: string[]; categories?: string[]; group?: string; version?: string }>;
    const lists = JSON.parse(discovery ?? '{}') as Readonly<Record<string, readonly Entry[]>>;
    for (const [groupVersion, entries] of Object.entries(lists)) {
      const [version = '', group = ''] = groupVersion.split('/').toReversed();
      for (const { name, kind, namespaced, verbs, shortNames = [], categories = [], ...own } of entries) {
        const [plural = '', sub] = name.split('/');
        const row = findResource(group, version, plural);
        if (row === undefined || changed.has(`${groupVersion} ${name}`)) continue;
        if (sub === undefined) {
          expect({ ...row, verbs: sorted(row.verbs) }, name).toMatchObject({ kind, namespaced, verbs: sorted(verbs), shortNames, categories });
        } else {
          const body = row.subresources[sub];
          const described = { kind: body?.kind ?? row.kind, verbs: sorted(body?.verbs ?? []), group: body?.group ?? group, version: body?.version ?? version };
          expect(described, name).toEqual({ kind, verbs: sorted(verbs), group: own.group ?? group, version: own.version ?? version });
        }
      }
    }
  });

  it.skipIf(tables === undefined)('have the columns of a real API server (needs the recordings)', () => {
    // Columns that came after 1.20, by where they stand.
    const later: Readonly<Record<string, readonly string[]>> = {
      jobs: ['Status'],
      persistentvolumeclaims: ['VolumeAttributesClass'],
      persistentvolumes: ['VolumeAttributesClass'],
      priorityclasses: ['PreemptionPolicy'],
    };
    const lists = JSON.parse(tables ?? '{}') as Readonly<Record<string, { readonly columns: readonly { readonly name: string; readonly type: string; readonly format: string; readonly priority: number }[] }>>;
    for (const [path, { columns }] of Object.entries(lists)) {
      const { group = '', version = '', plural = '' } = /^\/apis?\/(?:(?<group>[^/]+)\/)?(?<version>v\d+)\/.*?(?<plural>\w+)$/.exec(path)?.groups ?? {};
      const heads = (findResource(group, version, plural)?.printer.columns ?? [])
        .filter(({ name }) => !later[plural]?.includes(name))
        .map(({ name, type, format = '', priority }) => ({ name, type, format, priority }));
      // Since 1.22 restarts are a text with the time of the last one; the age of quotas moved to the end.
      const expected = columns.map((column) => (column.name === 'Restarts' ? { ...column, type: 'string' } : column));
      if (plural === 'resourcequotas') expect(heads).toHaveLength(expected.length);
      else expect(heads, path).toEqual(expected);
    }
  });
});
