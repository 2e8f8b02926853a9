/** Bundles what ships: the extension, the language server, the cluster host. `--dev` leaves them readable and with their source maps beside them. */
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { cpSync, existsSync, rmSync } from 'node:fs';
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

/** The part that `main` loads at the first need stays a file of its own. */
function besideMain(name: string): Plugin {
  return {
    name: 'beside-main',
    setup(plugin) {
      const filter = new RegExp(`^\\./${name}\\.ts$`);
      plugin.onResolve({ filter }, ({ kind }) => (kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined));
    },
  };
}

/** CommonJS starts faster: an ES module that imports `node:http` loads all that Node has for browsers' `fetch`. */
const asCommonJs: BuildOptions = {
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  // Also where VS Code answers `require('vscode')`: everything is required, lazily.
  supported: { 'dynamic-import': false },
};

const asExtension: BuildOptions = { ...asCommonJs, external: [...optionalNatives, 'vscode'], plugins: [besideMain('app')] };

const asHost: BuildOptions = { ...asCommonJs, plugins: [besideMain('command-line')] };

const hostEntries = { main: 'cluster-host/main.ts', 'command-line': 'cluster-host/command-line.ts', 'sqlite-worker': 'cluster-host/storage/sqlite/worker.ts' };

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
    build({ ...mode, ...asHost, entryPoints: hostEntries, outdir: 'dist/cluster-host' }),
  ]);
  copyLanguageTexts();
}

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
