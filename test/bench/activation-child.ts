/** Loads and activates the built extension with a stand-in for `vscode`, which does nothing; prints the milliseconds it took. */
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const require = createRequire(import.meta.url);

/** Whatever is asked of it, called or made with `new`, is itself. */
const nothing: unknown = new Proxy(function () {}, {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : nothing),
  // A bundle looks for its exports along the prototypes.
  getPrototypeOf: () => nothing as object,
  apply: () => nothing,
  construct: () => nothing as object,
});

const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };
const load = loader._load;
loader._load = (name, ...rest) => (name === 'vscode' ? nothing : load.call(loader, name, ...rest));

const packageJSON: unknown = require(join(root, 'package.json'));
const context = { subscriptions: [], extension: { packageJSON }, asAbsolutePath: (path: string) => join(root, path) };
const start = performance.now();
const extension = require(join(root, 'dist', 'extension', 'main.cjs')) as { activate(context: unknown): unknown };
extension.activate(context);
const activated = performance.now() - start;
require(join(root, 'dist', 'extension', 'app.cjs'));
console.log(JSON.stringify({ activated, loaded: performance.now() - start }));
