/**
 * Runs every check of the project in order and ends with one line, `N passed, N failed`.
 *
 * A step counts the tests that its runner counted, or itself as one. A step that breaks off counts as failed.
 * `npm test -- unit e2e` runs only the steps named.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/commands.ts';
import { steps } from './steps.ts';

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${steps.map((step) => step.name).join(', ')}`);
  process.exit(2);
}

mkdirSync(join(root, 'test-results'), { recursive: true });
const rows: string[] = [];
let passed = 0;
let failed = 0;
for (const step of steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n── ${step.name}: ${step.summary}`);
  const start = performance.now();
  const outcome = await step.run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  passed += outcome.passed;
  failed += outcome.failed;
  rows.push(`${step.name.padEnd(12)} ${String(outcome.passed).padStart(5)} passed ${String(outcome.failed).padStart(4)} failed ${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s`);
}
console.log(`\n${rows.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
