#!/usr/bin/env node
/**
 * The command `kubicle` from a clone: runs the bundle under a Node that can, this one or the one that set-up fetched.
 * Plain JavaScript, so that any Node understands it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, 'dist', 'cluster-host', 'main.cjs');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const recent = major > 22 || (major === 22 && minor >= 13);
const fetched = join(root, '.tools', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

if (!existsSync(bundle)) {
  console.error('Kubicle is not built yet: run "npm start" or "npm run build" first.');
  process.exitCode = 1;
} else if (!recent && !existsSync(fetched)) {
  console.error(`Kubicle needs Node 22.13 or newer, this is ${process.version}. "npm start" fetches one.`);
  process.exitCode = 1;
} else if (recent) {
  process.argv[1] = bundle;
  await import(bundle);
} else {
  const child = spawn(fetched, [bundle, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 1));
}
