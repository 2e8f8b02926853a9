/** Images that are made on the spot out of files, without a registry or a build. */
import { createHash } from 'node:crypto';
import type { Engine } from './engine.ts';
import { isEngineError } from './errors.ts';
import { tar, type TarFile } from './tar.ts';

export interface ImportedImage {
  /** `kubicle/pause`. */
  readonly repository: string;
  readonly files: readonly TarFile[];
  /** Dockerfile instructions: `ENTRYPOINT ["/pause"]`. */
  readonly changes: readonly string[];
}

/** Makes the image unless it is there; resolves with its reference, tagged with the hash of what is in it. */
export async function importImage(engine: Engine, image: ImportedImage): Promise<string> {
  const archive = tar(image.files);
  const tag = createHash('sha256').update(archive).update(JSON.stringify(image.changes)).digest('hex').slice(0, 12);
  const reference = `${image.repository}:${tag}`;
  try {
    await engine.call('GET', `/images/${reference}/json`);
    return reference;
  } catch (error) {
    if (!isEngineError(error, 'NotFound')) throw error;
  }
  const query = { fromSrc: '-', repo: image.repository, tag, changes: image.changes };
  for await (const line of await engine.stream('POST', '/images/create', { query, body: archive })) void line;
  return reference;
}
