/** Kinds that need the server for more than storing them: a row a resource, by `plural` or `plural.group`. */
import type { ResourceStrategy } from './strategy.ts';
import { namespaces } from './namespace.ts';

export function createStrategies(): Readonly<Record<string, ResourceStrategy>> {
  return { namespaces };
}
