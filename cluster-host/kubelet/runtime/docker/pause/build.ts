/**
 * Compiles the programs for both architectures and writes `binaries.ts`. Needed only after a change of the sources:
 * `node cluster-host/kubelet/runtime/docker/pause/build.ts` with gcc and aarch64-linux-gnu-gcc on the PATH (each named after its target).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const compilers = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
const flags = ['-Os', '-static', '-nostdlib', '-ffreestanding', '-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-fno-pic', '-no-pie', '-s', '-Wall', '-Wextra'];
const linking = ['-Wl,--build-id=none', '-Wl,-z,noseparate-code', '-Wl,-z,max-page-size=65536'];

function compile(target: string, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pause-'));
  try {
    const output = join(folder, name);
    execFileSync(`${target}-gcc`, [...flags, ...linking, '-o', output, join(import.meta.dirname, `${name}.c`)], { stdio: 'inherit' });
    execFileSync(`${target}-strip`, ['--remove-section=.comment', output]);
    return readFileSync(output).toString('base64');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const programs = ['pause', 'relay', 'clear'];

const lines = Object.entries(compilers).map(([architecture, target]) => `  ${architecture}: {\n${programs.map((name) => `    ${name}: '${compile(target, name)}',\n`).join('')}  },`);
writeFileSync(
  join(import.meta.dirname, 'binaries.ts'),
  `/** Static Linux programs, base64, made by build.ts out of the sources beside it. */\nexport const binaries = {\n${lines.join('\n')}\n} as const;\n`,
);
