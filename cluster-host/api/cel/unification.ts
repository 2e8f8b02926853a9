/** Which types fit which, and what type parameters stand for then (langdef.md, "Gradual type checking"). */
import { dynType, formatType, isAny, sameType, type CelType } from './types.ts';

/** What type parameters stand for, by their names. */
export interface Substitution {
  get(name: string): CelType | undefined;
}

/** Found out little by little; a try that fails leaves nothing behind. */
export class Bindings implements Substitution {
  readonly #types = new Map<string, CelType>();
  readonly #changes: (readonly [string, CelType | undefined])[] = [];

  get(name: string): CelType | undefined {
    return this.#types.get(name);
  }

  set(name: string, type: CelType): void {
    this.#changes.push([name, this.#types.get(name)]);
    this.#types.set(name, type);
  }

  /** Whether every type fits its counterpart, and if so, with which bindings. */
  unifyAll(from: readonly CelType[], to: readonly CelType[]): boolean {
    const start = this.#changes.length;
    if (from.length === to.length && from.every((type, index) => fits(this, type, to[index] ?? dynType))) return true;
    for (const [name, before] of this.#changes.splice(start).toReversed()) {
      if (before === undefined) this.#types.delete(name);
      else this.#types.set(name, before);
    }
    return false;
  }
}

function fits(found: Bindings, a: CelType, b: CelType): boolean {
  if (b.kind === 'parameter') {
    const bound = bind(found, a, b);
    if (bound === 'bound') return true;
    if (bound === 'other') return false;
  }
  if (a.kind === 'parameter') return bind(found, b, a) === 'bound';
  if (isAny(a) || isAny(b)) return true;
  if (a.kind === 'null') return b.kind === 'null' || takesNull(b);
  if (b.kind === 'null') return takesNull(a);
  if (a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  return a.name === b.name && a.parameters.length === b.parameters.length && a.parameters.every((one, index) => fits(found, one, b.parameters[index] ?? dynType));
}

function takesNull({ kind }: CelType): boolean {
  return kind === 'opaque' || kind === 'struct' || kind === 'duration' || kind === 'timestamp';
}

/** `other`: the parameter stands for another type already; `circular`: it is part of what it would stand for. */
function bind(found: Bindings, type: CelType, parameter: CelType): 'bound' | 'other' | 'circular' {
  if (sameType(type, parameter)) return 'bound';
  const standsFor = found.get(parameter.name);
  if (standsFor === undefined) {
    if (occurs(found, parameter, type)) return 'circular';
    found.set(parameter.name, type);
    return 'bound';
  }
  if (sameType(type, standsFor)) return 'bound';
  if (!fits(found, type, standsFor)) return 'other';
  const wider = moreGeneral(type, standsFor);
  if (!occurs(found, parameter, wider)) found.set(parameter.name, wider);
  return 'bound';
}

function occurs(found: Substitution, parameter: CelType, within: CelType): boolean {
  if (sameType(parameter, within)) return true;
  if (within.kind === 'parameter') {
    const standsFor = found.get(within.name);
    return standsFor !== undefined && occurs(found, parameter, standsFor);
  }
  return within.parameters.some((one) => occurs(found, parameter, one));
}

/** Of two types that fit, the one that takes more. */
export function moreGeneral(a: CelType, b: CelType): CelType {
  return isAtLeastAsGeneral(a, b) ? a : b;
}

function isAtLeastAsGeneral(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'parameter') return true;
  if (b.kind === 'dyn' || b.kind === 'parameter' || a.kind !== b.kind) return false;
  if (a.kind === 'type') return true;
  if (a.kind !== 'list' && a.kind !== 'map' && a.kind !== 'opaque') return sameType(a, b);
  return a.name === b.name && a.parameters.length === b.parameters.length && a.parameters.every((one, index) => isAtLeastAsGeneral(one, b.parameters[index] ?? dynType));
}

/** The type with parameters replaced by what they stand for; `openAs` replaces those that stand for nothing yet. */
export function substitute(found: Substitution, type: CelType, openAs?: CelType): CelType {
  if (type.kind === 'parameter') {
    const standsFor = found.get(type.name);
    return standsFor === undefined ? (openAs ?? type) : substitute(found, standsFor, openAs);
  }
  if (type.parameters.length === 0) return type;
  return { ...type, parameters: type.parameters.map((one) => substitute(found, one, openAs)) };
}

/** `string.(int, list(dyn))`: what a call was made with. */
export function formatCall(types: readonly CelType[], isMember: boolean): string {
  const args = `(${types.slice(isMember ? 1 : 0).map(formatType).join(', ')})`;
  return isMember ? `${types.slice(0, 1).map(formatType).join('')}.${args}` : args;
}
