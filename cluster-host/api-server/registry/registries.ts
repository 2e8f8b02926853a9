/** Every resource that is served, by group, version and plural. */
import type { KindDefinition } from '../../api/kind.ts';
import type { ResourceStrategy } from '../resources/strategy.ts';
import { conversions } from './conversions.ts';
import { Registry, type RegistryServices } from './registry.ts';

export class Registries {
  readonly #byPath = new Map<string, Registry>();

  constructor(definitions: readonly KindDefinition[], strategies: Readonly<Record<string, ResourceStrategy>>, services: RegistryServices) {
    for (const definition of definitions) {
      const { group, version, plural } = definition;
      const strategy = strategies[group === '' ? plural : `${plural}.${group}`] ?? {};
      this.#byPath.set(`${group}/${version}/${plural}`, new Registry(definition, strategy, services, conversions[`${group}/${version}/${plural}`]));
    }
  }

  find(group: string, version: string, plural: string): Registry | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** Throws on a resource that this server must have. */
  need(group: string, version: string, plural: string): Registry {
    const registry = this.find(group, version, plural);
    if (registry === undefined) throw new Error(`the table of kinds has no ${plural} in ${group}/${version}`);
    return registry;
  }
}
