/** Entry of the suite inside the extension host, the same in code-server and on the desktop. Its last act is the result file. */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'min', color: false });
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, 'suite', mocha);
  // Mocha's globals must be there before the tests are read.
  const { tests } = await import('./tests.ts');
  for (const define of tests) define();
  const failures: { title: string; message: string }[] = [];
  let passed = 0;
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', () => {
        passed++;
      })
      .on('fail', (test, error: Error) => failures.push({ title: test.fullTitle(), message: error.stack ?? error.message }));
  });
  const result: SuiteResult = { passed, failed: failures.length, failures };
  const file = process.env['KUBICLE_TEST_RESULT'];
  if (file === undefined) throw new Error('KUBICLE_TEST_RESULT is not set');
  writeFileSync(file, JSON.stringify(result));
  if (failures.length > 0) throw new Error(`${failures.length} tests failed`);
}
