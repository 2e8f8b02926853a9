/** Generates what is made from dependencies: run by `npm run generate`, and by set-up and build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readModels } from './models.ts';
import { typesSource } from './types.ts';

const root = join(import.meta.dirname, '..', '..');

function write(path: string, content: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

const models = await readModels();
write('cluster-host/api/generated/types.ts', typesSource(models));
console.log(`generated ${models.length} types`);
