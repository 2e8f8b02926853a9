/** An API server in memory on a virtual clock, for tests of any room. It listens only when told to. */
import { generateKeyPairSync } from 'node:crypto';
import type { KubeObject } from '../../api/object.ts';
import { silentLogger } from '../../platform/node/logger.ts';
import { VirtualClock } from '../../platform/simulated/clock.ts';
import { memoryDisk } from '../../platform/simulated/disk.ts';
import { seededRandom } from '../../platform/simulated/random.ts';
import { createMemoryStore } from '../../storage/memory/memory-store.ts';
import type { Store } from '../../storage/store.ts';
import { createApiServer } from '../create.ts';
import type { ApiServer, ApiServerOptions, InProcessResponse, UserInfo } from '../server.ts';

export const admin: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };

export interface TestServer {
  readonly server: ApiServer;
  readonly store: Store;
  readonly clock: VirtualClock;
  /** `call('GET', '/api/v1/pods?limit=1')` as the administrator, or as somebody else. */
  call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, options?: CallOptions): Promise<InProcessResponse>;
  /** Creates an object that must be accepted; returns it. */
  create(path: string, object: KubeObject): Promise<KubeObject>;
}

export interface CallOptions {
  readonly user?: UserInfo;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function createTestServer(more: Pick<ApiServerOptions, 'audit'> = {}): Promise<TestServer> {
  const clock = new VirtualClock();
  const store = createMemoryStore();
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256', privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const server = await createApiServer({
    platform: { clock, random: seededRandom(1), disk: memoryDisk(), log: silentLogger },
    store,
    nodes: { node: () => undefined },
    serviceCidr: '10.96.0.0/16',
    nodePortRange: [30_000, 32_767],
    credentials: { caCertificate: '', caKey: '', servingCertificate: '', servingKey: '', serviceAccountKey: privateKey },
    tokens: new Map([['secret', admin]]),
    issuer: 'https://kubernetes.default.svc.cluster.local',
    ...more,
  });
  const call: TestServer['call'] = (method, path, body, { user = admin, headers = {} } = {}) => {
    const { pathname, searchParams } = new URL(path, 'https://server');
    const query = Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
    return server.handle({ user, method, path: pathname, query, headers, ...(body === undefined ? {} : { body: typeof body === 'string' ? new TextEncoder().encode(body) : body }) });
  };
  return {
    server,
    store,
    clock,
    call,
    async create(path, object) {
      const { status, body } = await call('POST', path, object);
      if (status !== 201) throw new Error(`${status}: ${JSON.stringify(body)}`);
      return body as KubeObject;
    },
  };
}
