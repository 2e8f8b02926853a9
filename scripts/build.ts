/** Bundles what ships: the extension, the language server, the cluster host. `--dev` leaves them readable and with their source maps beside them. */
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** CommonJS packages inside an ES module ask for a `require`. */
const requireBanner = "import { createRequire as kubicleRequire } from 'node:module'; const require = kubicleRequire(import.meta.url);";

/** Optional native parts of dependencies: nobody needs them, and a bundle cannot hold them. */
const optionalNatives = ['cpu-features', 'bufferutil', 'utf-8-validate'];

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  mainFields: ['module', 'main'],
  external: optionalNatives,
  loader: { '.node': 'empty' },
  logLevel: 'warning',
  legalComments: 'none',
};

const asModule: BuildOptions = { format: 'esm', banner: { js: requireBanner } };

/** The part that is loaded at the first need stays a file of its own. */
const appBesideMain: Plugin = {
  name: 'app-beside-main',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\/app\.ts$/ }, ({ kind }) => (kind === 'dynamic-import' ? { path: './app.cjs', external: true } : undefined));
  },
};

const asExtension: BuildOptions = {
  format: 'cjs',
  external: [...optionalNatives, 'vscode'],
  outExtension: { '.js': '.cjs' },
  plugins: [appBesideMain],
  // VS Code answers `require('vscode')`, so everything is required, lazily.
  supported: { 'dynamic-import': false },
};

/** An entry that is not there yet is left out: a room may be built before its neighbours. */
function present(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(join(root, file))));
}

export async function bundle(options: { readonly dev: boolean }): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const mode: BuildOptions = { ...common, minify: !options.dev, sourcemap: options.dev ? 'linked' : 'external' };
  await Promise.all([
    build({ ...mode, ...asExtension, entryPoints: { main: 'extension/main.ts', app: 'extension/app.ts' }, outdir: 'dist/extension' }),
    // The YAML service is large and waits in a file of its own until it is asked.
    build({ ...mode, ...asModule, splitting: true, entryPoints: present({ server: 'language/server.ts' }), outdir: 'dist/language' }),
    build({ ...mode, ...asModule, entryPoints: present({ main: 'cluster-host/main.ts', 'sqlite-worker': worker }), outdir: 'dist/cluster-host', plugins: [workerBesideHost] }),
  ]);
  copyLanguageTexts();
}

const worker = 'cluster-host/storage/sqlite/worker.ts';

/** The store runs a thread of its own out of a file that it names by its source; in `dist/` that file lies beside the host's. */
const workerBesideHost: Plugin = {
  name: 'worker-beside-host',
  setup(plugin) {
    plugin.onLoad({ filter: /storage[/\\]sqlite[/\\]sqlite-store\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("'./worker.ts'", "'./sqlite-worker.js'"),
      loader: 'ts',
    }));
  },
};

/** The YAML service reads its translations from files. */
function copyLanguageTexts(): void {
  const texts = join(dirname(import.meta.dirname), 'node_modules/yaml-language-server/l10n');
  if (existsSync(texts)) cpSync(texts, join(dist, 'language/l10n'), { recursive: true });
}

if (import.meta.main) {
  const started = performance.now();
  await bundle({ dev: process.argv.includes('--dev') });
  console.log(`Built dist/ in ${Math.round(performance.now() - started)} ms`);
}
