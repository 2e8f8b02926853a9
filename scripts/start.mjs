/** `npm start`: sets up what is missing and opens the editor on the sample workspace. */
import { runScript } from './bootstrap.mjs';

await runScript('scripts/start/main.ts');
