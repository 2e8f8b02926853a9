/**
 * Reads the facts about Kubernetes' types that its client models lack: `cluster-host/api/catalogue/facts/*.txt`.
 *
 * A file describes one package of the API:
 *
 *     package io.k8s.api.apps.v1          definitions are named by it
 *     kinds Deployment …                  types that are whole objects
 *     types DeploymentSpec …              all other types
 *     enum PullPolicy Always Never        a text type and its values
 *     alias ResourceList map[…]…          a named list or map
 *
 *     DeploymentSpec                      a type, owned as a whole where `atomic` follows
 *       replicas: *                       a field and what differs from the rule
 *
 * The rule: a field is of the type that the model says; what is optional is left out when empty, and is a pointer when it
 * is a struct, time or int-or-string (but metadata, spec and status). What may differ: the Go type (`*` alone: a pointer;
 * `value`: none), `always` and `omitempty` (the opposite of the rule), `via=` (the embedded structs in between),
 * `list=`, `atomic` and `granular` (the opposite of the type's own), `patch=strategies(key)` and `default=`.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface FieldFacts {
  /** Go type without the pointer, where it differs from the model. */
  readonly goType?: string;
  /** Undefined: by the rule. */
  readonly pointer?: boolean;
  readonly omitEmpty?: boolean;
  readonly via: readonly string[];
  readonly list?: string;
  readonly listKeys: readonly string[];
  /** Undefined: as the type is. */
  readonly atomic?: boolean;
  readonly patch: readonly string[];
  readonly patchKey?: string;
  /** JSON. */
  readonly default?: string;
}

export interface PackageFacts {
  /** `io.k8s.api.core.v1`. */
  readonly name: string;
  readonly kinds: string[];
  readonly types: string[];
  readonly enums: Map<string, readonly string[]>;
  readonly aliases: Map<string, string>;
  readonly atomic: Set<string>;
  readonly fields: Map<string, Map<string, FieldFacts>>;
}

export function readFacts(folder: string): readonly PackageFacts[] {
  const packages = new Map<string, PackageFacts>();
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.txt')) readFile(readFileSync(join(folder, file), 'utf8'), packages);
  }
  return [...packages.values()];
}

function readFile(text: string, packages: Map<string, PackageFacts>): void {
  let facts: PackageFacts | undefined;
  let type = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const words = line.trim().split(' ');
    const [first = '', second = '', ...rest] = words;
    if (first === 'package') {
      facts = packages.get(second) ?? { name: second, kinds: [], types: [], enums: new Map(), aliases: new Map(), atomic: new Set(), fields: new Map() };
      packages.set(second, facts);
      continue;
    }
    if (facts === undefined) throw new Error(`a facts file begins with its package, not with: ${line}`);
    if (line.startsWith('  ')) facts.fields.get(type)?.set(first.slice(0, -1), fieldFacts(words.slice(1)));
    else if (first === 'kinds' || first === 'types') facts[first].push(second, ...rest);
    else if (first === 'enum') facts.enums.set(second, rest.map((value) => (value === '""' ? '' : value)));
    else if (first === 'alias') facts.aliases.set(second, rest.join(' '));
    else {
      type = first;
      facts.fields.set(type, new Map());
      if (second === 'atomic') facts.atomic.add(type);
    }
  }
}

function fieldFacts(words: readonly string[]): FieldFacts {
  const facts: { -readonly [name in keyof FieldFacts]: FieldFacts[name] } = { via: [], listKeys: [], patch: [] };
  for (const word of words) {
    const [, name, value = '', argument] = /^(\w+)=([^(]*)(?:\((.*)\))?$/.exec(word) ?? [];
    if (name === 'via') facts.via = value.split('.');
    else if (name === 'list') {
      facts.list = value;
      facts.listKeys = argument?.split(',') ?? [];
    } else if (name === 'patch') {
      facts.patch = value.split(',');
      if (argument !== undefined) facts.patchKey = argument;
    } else if (name === 'default') facts.default = word.slice('default='.length);
    else if (word === 'value') facts.pointer = false;
    else if (word === 'always' || word === 'omitempty') facts.omitEmpty = word === 'omitempty';
    else if (word === 'atomic' || word === 'granular') facts.atomic = word === 'atomic';
    else {
      facts.pointer = word.startsWith('*');
      if (word !== '*') facts.goType = word.replace(/^\*/, '');
    }
  }
  return facts;
}
