/** Images on the engine: what is there, and pulling what is not. */
import type { Engine } from '../../../engine/engine.ts';
import { EngineError, isEngineError } from '../../../engine/errors.ts';
import { type Image, type RegistryAuth, RuntimeError } from '../runtime.ts';

export async function imageStatus(engine: Engine, reference: string): Promise<Image | undefined> {
  try {
    const { Id, RepoTags, RepoDigests, Size, Config } = await engine.call('GET', `/images/${reference}/json`);
    return { id: Id, tags: RepoTags ?? [], digests: RepoDigests ?? [], size: Size, user: Config?.User ?? '' };
  } catch (error) {
    if (isEngineError(error, 'NotFound')) return undefined;
    throw error;
  }
}

export async function listImages(engine: Engine): Promise<readonly Image[]> {
  const images = await engine.call<any[]>('GET', '/images/json');
  return images.map(({ Id, RepoTags, RepoDigests, Size }) => ({ id: Id, tags: withoutNone(RepoTags), digests: withoutNone(RepoDigests), size: Size, user: '' }));
}

/** The engine writes `<none>:<none>` for an image without a name. */
function withoutNone(names: readonly string[] | null): readonly string[] {
  return (names ?? []).filter((name) => !name.includes('<none>'));
}

export async function pullImage(engine: Engine, reference: string, auth: RegistryAuth | undefined, signal: AbortSignal): Promise<Image> {
  try {
    const progress = await engine.stream('POST', '/images/create', { query: { fromImage: reference }, headers: authHeaders(auth), signal });
    let text = '';
    for await (const chunk of progress) text = (text + String(chunk)).slice(-maximumProgress);
    const failure = /"error":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
    if (failure !== undefined) throw new EngineError('Refused', JSON.parse(failure));
  } catch (error) {
    throw pullFailure(error);
  }
  const image = await imageStatus(engine, reference);
  if (image === undefined) throw new RuntimeError('ImagePullFailed', `image "${reference}" is not there after it was pulled`);
  return image;
}

function authHeaders(auth: RegistryAuth | undefined): Record<string, string> {
  if (auth === undefined) return {};
  const { username, password, server } = auth;
  return { 'x-registry-auth': Buffer.from(JSON.stringify({ username, password, serveraddress: server })).toString('base64url') };
}

/** An error is the last line of the progress. */
const maximumProgress = 64 * 1024;

function pullFailure(error: unknown): RuntimeError {
  const message = `Error response from daemon: ${(error as Error).message}`;
  if (isEngineError(error, 'NotFound')) return new RuntimeError('ImageNotFound', message, { cause: error });
  if (isEngineError(error, 'Lost') || isEngineError(error, 'Missing')) return new RuntimeError('Unavailable', (error as Error).message, { cause: error });
  return new RuntimeError('ImagePullFailed', message, { cause: error });
}
