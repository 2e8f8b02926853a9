/** Regular expressions as Kubernetes reads them: RE2, in time that grows with the text only. */
import { RE2JS } from 're2js';
import { failed, ok, type Result } from './result.ts';

const compiled = new Map<string, Result<RE2JS>>();
const kept = 1000;

/** Compiled patterns are kept: the same few are asked for all the time. The error is what Go says of the pattern. */
export function compilePattern(pattern: string): Result<RE2JS> {
  let result = compiled.get(pattern);
  if (result === undefined) {
    result = compile(pattern);
    if (compiled.size >= kept) compiled.clear();
    compiled.set(pattern, result);
  }
  return result;
}

function compile(pattern: string): Result<RE2JS> {
  try {
    return ok(RE2JS.compile(pattern));
  } catch (error) {
    return failed((error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, ''));
  }
}
