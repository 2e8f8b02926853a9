/** Packs `dist/` into `kubicle.vsix` and holds it to its size. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { bundle } from './build.ts';

const root = join(import.meta.dirname, '..');
export const vsix = join(root, 'kubicle.vsix');
const limit = 6 * 1024 * 1024;

export async function pack(): Promise<string> {
  await bundle({ dev: false });
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, allowMissingRepository: true, skipLicense: true, rewriteRelativeLinks: false });
  const { size } = statSync(vsix);
  if (size > limit) throw new Error(`${vsix} has ${size} bytes, more than ${limit}`);
  return vsix;
}

if (import.meta.main) {
  const file = await pack();
  console.log(`${file}: ${(statSync(file).size / (1024 * 1024)).toFixed(2)} MiB`);
}
