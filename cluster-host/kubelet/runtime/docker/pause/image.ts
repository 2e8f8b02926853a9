/** The image of pause containers: three small static programs, so that a pod needs no registry and no tools on the user's machine. */
import { importImage } from '../../../../engine/images.ts';
import type { Engine } from '../../../../engine/engine.ts';
import { RuntimeError } from '../../runtime.ts';
import { binaries } from './binaries.ts';

/** Makes the image for the engine's architecture unless it is there; resolves with its reference. */
export function ensurePauseImage(engine: Engine, architecture: string): Promise<string> {
  if (architecture !== 'amd64' && architecture !== 'arm64') throw new RuntimeError('Unsupported', `an engine on ${architecture} is not supported: amd64 or arm64 is needed`);
  const program = (path: 'pause' | 'relay' | 'clear') => ({ path, mode: 0o755, content: Buffer.from(binaries[architecture][path], 'base64') });
  return importImage(engine, { repository: 'kubicle/pause', files: [program('pause'), program('relay'), program('clear')], changes: ['ENTRYPOINT ["/pause"]'] });
}
