/** Who may import whom: the table of ARCHITECTURE.md, as data. Held by `npm run lint` (check-layers.ts). Do not relax a row without a page in docs/decisions/. */

export interface Room {
  /** Folder, or one file, from the project's root. The longest match counts. */
  readonly path: string;
  /** Rooms (path prefixes) whose files it may import besides its own. */
  readonly rooms: readonly string[];
  /** npm packages it may import. */
  readonly packages?: readonly string[];
  /** Whether it may touch Node's own modules, clocks and randomness directly. Only edges may. */
  readonly edge?: true;
}

const host = 'cluster-host';

export const rooms: readonly Room[] = [
  { path: `${host}/platform`, rooms: [] },
  { path: `${host}/platform/node`, rooms: [`${host}/platform`], edge: true },
  { path: `${host}/platform/simulated`, rooms: [`${host}/platform`] },

  { path: `${host}/api`, rooms: [], packages: ['fast-json-patch', 'yaml', 're2js', 'croner', 'ipaddr.js', 'protobufjs'] },

  { path: `${host}/storage`, rooms: [`${host}/platform`] },
  { path: `${host}/storage/sqlite`, rooms: [`${host}/platform`, `${host}/storage`], edge: true },
  { path: `${host}/storage/etcd`, rooms: [`${host}/platform`, `${host}/storage`], edge: true },

  { path: `${host}/api-server`, rooms: [`${host}/api`, `${host}/platform`, `${host}/storage/store.ts`, `${host}/api-server/discovery/storage-version-hash.ts`], packages: ['jose', 're2js', 'ipaddr.js', 'yaml'] },
  { path: `${host}/api-server/discovery/storage-version-hash.ts`, rooms: [], edge: true },
  { path: `${host}/api-server/http`, rooms: [`${host}/api-server`, `${host}/api`, `${host}/platform`], packages: ['ws'], edge: true },
  { path: `${host}/api-server/authentication`, rooms: [`${host}/api-server`, `${host}/api`, `${host}/platform`], packages: ['jose'], edge: true },
  { path: `${host}/api-server/admission/webhooks/sockets`, rooms: [`${host}/api-server`, `${host}/api`, `${host}/platform`], edge: true },
  { path: `${host}/api-server/streams`, rooms: [`${host}/api-server`, `${host}/api`, `${host}/platform`], packages: ['ws'], edge: true },
  { path: `${host}/api-server/create.ts`, rooms: [`${host}/api-server`, `${host}/api`, `${host}/platform`] },

  { path: `${host}/client`, rooms: [`${host}/api`, `${host}/platform`] },
  { path: `${host}/client/https`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`], packages: ['ws'], edge: true },

  { path: `${host}/controllers`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`], packages: ['croner', 'ipaddr.js'] },
  { path: `${host}/metrics`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`] },
  { path: `${host}/scheduler`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`] },
  { path: `${host}/engine`, rooms: [`${host}/platform`], edge: true },
  { path: `${host}/kubelet`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`], packages: ['yaml'] },
  { path: `${host}/kubelet/edges`, rooms: [`${host}/kubelet`, `${host}/platform`], edge: true },
  { path: `${host}/kubelet/runtime/docker`, rooms: [`${host}/kubelet/runtime`, `${host}/platform`, `${host}/engine`], edge: true },
  { path: `${host}/proxy`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`], packages: ['ipaddr.js'] },
  { path: `${host}/proxy/backends`, rooms: [`${host}/proxy`, `${host}/platform`, `${host}/engine`], edge: true },
  { path: `${host}/dns`, rooms: [`${host}/client`, `${host}/api`, `${host}/platform`], packages: ['dns-packet'] },
  { path: `${host}/dns/sockets`, rooms: [`${host}/dns`, `${host}/platform`], packages: ['dns-packet'], edge: true },

  { path: `${host}/pki`, rooms: [`${host}/platform`], edge: true },
  { path: `${host}/control-protocol.ts`, rooms: [] },
  { path: `${host}/control`, rooms: [`${host}/control-protocol.ts`, `${host}/platform`, `${host}/api-server/server.ts`], packages: ['ws'], edge: true },
  { path: `${host}/cluster.ts`, rooms: [host], edge: true },
  { path: `${host}/wiring`, rooms: [host], edge: true },
  {
    path: `${host}/host`,
    rooms: [`${host}/cluster.ts`, `${host}/control`, `${host}/control-protocol.ts`, `${host}/platform`, `${host}/pki`, `${host}/api/version.ts`, `${host}/wiring/addresses.ts`, 'package.json'],
    packages: ['yaml'],
    edge: true,
  },
  { path: `${host}/cli`, rooms: [`${host}/host`, `${host}/cluster.ts`, `${host}/control`, `${host}/control-protocol.ts`, `${host}/platform`, 'language'], edge: true },
  { path: `${host}/command-line.ts`, rooms: [`${host}/cli`, `${host}/platform`], edge: true },
  { path: `${host}/main.ts`, rooms: [`${host}/command-line.ts`], edge: true },

  { path: 'language', rooms: [`${host}/api`, 'language/messages.ts'], packages: ['yaml'] },
  { path: 'language/lsp', rooms: ['language', `${host}/api`], packages: ['vscode-languageserver', 'vscode-languageserver-textdocument', 'vscode-uri', 'yaml-language-server', 'yaml'], edge: true },
  { path: 'language/server.ts', rooms: ['language'], packages: ['vscode-languageserver'], edge: true },
  { path: 'language/messages.ts', rooms: [] },

  {
    path: 'extension',
    rooms: [
      `${host}/api`,
      `${host}/client`,
      `${host}/platform`,
      `${host}/control-protocol.ts`,
      `${host}/control/client.ts`,
      `${host}/control/connection.ts`,
      `${host}/host/state-directory.ts`,
      'language/messages.ts',
      'extension/clusters',
    ],
    packages: ['vscode', 'vscode-languageclient', 'ws', 'yaml'],
    edge: true,
  },
  { path: 'extension/clusters', rooms: [`${host}/api`, `${host}/client`, `${host}/platform`], packages: ['ws', 'yaml'], edge: true },
];

/** Globals that only edges may use: what they give comes in through `platform`. */
export const edgeOnlyGlobals: readonly RegExp[] = [
  /\bDate\.now\(/,
  /\bnew Date\(\)/,
  /\bMath\.random\(/,
  /\b(?:setTimeout|setInterval|setImmediate)\(/,
  /\bperformance\.now\(/,
  /\bcrypto\.(?:randomUUID|getRandomValues)\(/,
  /\bprocess\.(?:env|hrtime|exit)\b/,
];
