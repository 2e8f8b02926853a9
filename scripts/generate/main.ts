/** Generates what is made from dependencies: run by `npm run generate`, and by set-up and build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogueText } from './catalogue.ts';
import { docsOf } from './docs.ts';
import { readFacts } from './facts.ts';
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
const catalogue = catalogueText(models, readFacts(join(root, 'cluster-host/api/catalogue/facts')));
write('cluster-host/api/generated/catalogue.json', JSON.stringify(catalogue));
write('cluster-host/api/generated/docs.json', JSON.stringify(docsOf(models, catalogue)));
console.log(`generated ${models.length} types`);
