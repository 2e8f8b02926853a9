import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Wire } from './connection.ts';
import { Connections } from './connections.ts';
import { emptyKubeconfig, type Kubeconfig } from './kubeconfig.ts';
import { Signal } from './signal.ts';

function kubeconfig(...names: readonly string[]): Kubeconfig {
  const context = (name: string) => ({ name, cluster: name, user: name, file: '/k' });
  return {
    ...emptyKubeconfig,
    contexts: new Map(names.map((name) => [name, context(name)])),
    clusters: new Map(names.map((name) => [name, { server: `https://${name}`, insecureSkipTlsVerify: false }])),
    ...(names[0] === undefined ? {} : { currentContext: names[0] }),
  };
}

const source = { current: emptyKubeconfig, changed: new Signal() };
let remembered: Map<string, string | undefined>;
/** Servers of wires that are open. */
let wires: string[];
let connections: Connections;

function open(): Connections {
  const memory = { get: (key: string) => remembered.get(key), set: (key: string, value: string | undefined) => void remembered.set(key, value) };
  return new Connections(source, memory, ({ server }): Wire => {
    wires.push(server);
    return { client: { request: () => new Promise(() => undefined) } as never, informers: {} as never, reachable: new Signal(), open: () => Promise.reject(new Error('none')), dispose: () => void wires.splice(wires.indexOf(server), 1) };
  });
}

beforeEach(() => {
  source.current = kubeconfig('a', 'b', 'c');
  remembered = new Map();
  wires = [];
  connections = open();
});

afterEach(() => connections.dispose());

const shown = (): readonly string[] => connections.shown.map(({ context }) => context);

describe('Connections', () => {
  it('is connected to the active one alone, until others are shown', () => {
    expect(shown()).toEqual(['a']);
    connections.show('c', true);
    expect(shown()).toEqual(['a', 'c']);
    connections.use('b');
    expect(shown()).toEqual(['b', 'c']);
    expect(wires.toSorted()).toEqual(['https://b', 'https://c']);
  });

  it('remembers in the next window which were shown', () => {
    connections.show('b', true);
    connections.dispose();
    connections = open();
    expect(shown()).toEqual(['a', 'b']);
  });

  it('hides one, and keeps the active one', () => {
    connections.show('b', true);
    connections.show('b', false);
    connections.show('a', false);
    expect([shown(), wires]).toEqual([['a'], ['https://a']]);
  });

  it('connects anew only to what changed in a kubeconfig, and forgets what is gone', () => {
    connections.show('b', true);
    const [a, b] = connections.shown;
    source.current = { ...source.current, clusters: new Map([...source.current.clusters, ['b', { server: 'https://elsewhere', insecureSkipTlsVerify: false }]]) };
    source.changed.fire();
    expect(connections.shown[0]).toBe(a);
    expect(connections.shown[1]).not.toBe(b);
    source.current = kubeconfig('a');
    source.changed.fire();
    expect([shown(), wires]).toEqual([['a'], ['https://a']]);
  });

  it('keeps a namespace for each context', () => {
    connections.useNamespace('shop', connections.connection('b'));
    connections.show('b', true);
    expect(connections.shown.map(({ namespace }) => namespace)).toEqual(['default', 'shop']);
    expect(remembered.get('namespace/b')).toBe('shop');
  });
});
