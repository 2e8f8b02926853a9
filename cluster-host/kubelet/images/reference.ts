/** Names of images (https://github.com/distribution/reference): `[registry/]path[:tag][@digest]`. Pure. */
import { failed, ok, type Result } from '../../api/result.ts';

const domain = /^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::\d+)?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const longestName = 255;

export interface ImageReference {
  /** `docker.io` where none was written. */
  readonly registry: string;
  /** With the tag that an image without tag and digest gets: what the engine is asked for. */
  readonly text: string;
}

export function parseImage(image: string): Result<ImageReference> {
  const invalid = failed('invalid reference format');
  const [named = '', digest, ...more] = image.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) return invalid;
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  if (tag !== undefined && !tagPattern.test(tag)) return invalid;
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (hasRegistry && !domain.test(first)) return invalid;
  const path = hasRegistry ? rest : [first, ...rest];
  if (name.length > longestName) return failed('repository name must not be more than 255 characters');
  if (path.some((part) => /[A-Z]/.test(part)) && path.every((part) => component.test(part.toLowerCase()))) return failed('invalid reference format: repository name must be lowercase');
  if (path.some((part) => !component.test(part))) return invalid;
  return ok({ registry: hasRegistry ? first : 'docker.io', text: tag === undefined && digest === undefined ? `${image}:latest` : image });
}
