import { describe, expect, it, vi } from 'vitest';
import { pods, services } from '../../cluster-host/client/resources.ts';
import type { ApiRequest } from '../../cluster-host/client/client.ts';
import { Connection, type Wire } from './connection.ts';
import { Signal } from './signal.ts';

/** A server that may be away, and that serves pods only. */
function server() {
  const state = { away: false, wires: 0, disposed: 0 };
  const reachable = new Signal<boolean>();
  const wire = (): Wire => {
    state.wires++;
    const request = ({ path }: ApiRequest) => {
      if (state.away) return Promise.reject(new Error('connect ECONNREFUSED'));
      const body = path === '/version' ? { gitVersion: 'v1.36.0' } : { resources: path === '/api/v1' ? [{ name: 'pods', kind: 'Pod', namespaced: true, verbs: ['watch'] }] : [] };
      return Promise.resolve({ status: 200, headers: {}, body });
    };
    const lister = { get: () => undefined, list: () => [], byIndex: () => [] };
    const informer = { lister, addIndex: vi.fn(), onChange: () => ({ dispose: () => undefined }), synced: () => Promise.resolve() };
    return { client: { request } as never, informers: { informer: () => informer } as never, reachable, open: () => Promise.reject(new Error('none')), dispose: () => void state.disposed++ };
  };
  const connection = new Connection({ context: 'c', namespace: 'default', endpoint: {} as never, wire });
  const reached = (phase: string): Promise<void> => vi.waitFor(() => expect(connection.state.phase).toBe(phase));
  return { state, reachable, connection, reached };
}

describe('Connection', () => {
  it('connects by itself and knows what is served', async () => {
    const { connection, reached } = server();
    await reached('connected');
    expect(connection.state).toEqual({ phase: 'connected', version: 'v1.36.0' });
    expect(connection.lister(pods)).toBeDefined();
    expect(connection.lister(services)).toBeUndefined();
    connection.dispose();
  });

  it('stays connected when one request failed and the next does not', async () => {
    const { connection, reachable, reached, state } = server();
    await reached('connected');
    const wires = state.wires;
    const phases: string[] = [];
    connection.changed.on(() => phases.push(connection.state.phase));
    reachable.fire(false);
    await vi.waitFor(() => expect(phases.length).toBeGreaterThan(0));
    expect(new Set(phases)).toEqual(new Set(['connected']));
    expect(state.wires).toBe(wires);
    connection.dispose();
  });

  it('is away while the server is, and starts afresh when it is back', async () => {
    const { connection, reachable, reached, state } = server();
    await reached('connected');
    const wires = state.wires;
    state.away = true;
    reachable.fire(false);
    await reached('away');
    expect(connection.state).toMatchObject({ message: 'connect ECONNREFUSED' });
    state.away = false;
    connection.retry();
    await reached('connected');
    expect(state.wires).toBe(wires + 1);
    connection.dispose();
    expect(state.disposed).toBe(state.wires);
  });
});
