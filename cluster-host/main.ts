/** The process entry of the cluster host and of the command line `kubicle`: the same bundle. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// A host keeps its compiled code beside the bundle for the next start. Other commands compile too little of it to be worth keeping.
const [command, ...options] = process.argv.slice(2);
if (command === 'up' && !options.includes('--detach') && import.meta.filename.endsWith('.cjs')) enableCompileCache(join(import.meta.dirname, '.compiled'));

void import('./command-line.ts');
