/** `npm test`: sets up what is missing and runs every check there is. */
import { runScript } from './bootstrap.mjs';

await runScript('scripts/test/main.ts');
