/** Checks every import of the product's source against `layers.ts`, and that clocks, randomness and Node's modules stay in the edges. */
import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { edgeOnlyGlobals, rooms, type Room } from './layers.ts';

export function roomOf(file: string): Room | undefined {
  return rooms
    .filter((room) => file === room.path || file.startsWith(`${room.path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** What is wrong with one file's imports and globals, a line each. */
export function layerProblems(file: string, text: string): readonly string[] {
  const room = roomOf(file);
  if (room === undefined) return [`${file}: belongs to no room of scripts/layers.ts`];
  const problems: string[] = [];
  for (const match of text.matchAll(importPattern)) {
    const target = match[1] ?? match[2] ?? match[3] ?? '';
    const refusal = refusalOf(file, room, target);
    if (refusal !== undefined) problems.push(`${file}: ${refusal}`);
  }
  if (room.edge !== true) {
    const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:])\/\/.*$/gm, '$1');
    for (const pattern of edgeOnlyGlobals) {
      const hit = pattern.exec(code);
      if (hit !== null) problems.push(`${file}: uses ${hit[0]} outside the edges; take it through platform`);
    }
  }
  return problems;
}

function refusalOf(file: string, room: Room, target: string): string | undefined {
  if (target.startsWith('.')) {
    const path = normalize(join(dirname(file), target));
    const other = roomOf(path);
    if (other === undefined || other === room) return undefined;
    const allowed = room.rooms.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
    return allowed ? undefined : `${room.path} may not import ${path}`;
  }
  if (isBuiltin(target)) return room.edge === true ? undefined : `${room.path} may not import ${target}: it is no edge`;
  const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? target);
  return room.packages?.includes(name) === true ? undefined : `${room.path} may not import the package ${name}`;
}

if (import.meta.main) {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'cluster-host', 'language', 'extension'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith('.ts') && !file.includes('/testing/') && !/\.test\.ts$|-suite\.ts$/.test(file));
  const problems = files.flatMap((file) => layerProblems(file, readFileSync(file, 'utf8')));
  for (const problem of problems) console.error(problem);
  console.log(`layers: ${files.length} files, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
