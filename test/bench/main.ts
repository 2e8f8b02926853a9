/** `npm run bench`: figures beside floors measured in the same run. `npm run bench -- pods` runs what is named. */
import { cpus, loadavg } from 'node:os';
import { benchActivation } from './activation.ts';
import { benchConfigMaps } from './config-maps.ts';
import { benchLanguage } from './language.ts';
import { benchLists } from './lists.ts';
import { benchManagedFields } from './managed-fields.ts';
import { benchPods } from './pods.ts';
import { benchIdle, benchStart } from './start.ts';

const benches: readonly { readonly name: string; readonly summary: string; run(): Promise<void> }[] = [
  { name: 'start', summary: 'from nothing to a node that is Ready', run: benchStart },
  { name: 'idle', summary: 'the host at rest', run: benchIdle },
  { name: 'pods', summary: 'containers, end to end', run: benchPods },
  { name: 'lists', summary: 'reading many objects', run: benchLists },
  { name: 'config-maps', summary: 'writing, reading and watching small objects', run: benchConfigMaps },
  { name: 'managed-fields', summary: 'who owns which field', run: benchManagedFields },
  { name: 'activation', summary: 'the extension in an editor', run: benchActivation },
  { name: 'language', summary: 'manifests in the editor', run: benchLanguage },
];

const [load = 0] = loadavg();
console.log(`${cpus().length} cores, load ${load.toFixed(1)}, Node ${process.version}`);
const wanted = process.argv.slice(2);
for (const bench of benches.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n${bench.name}: ${bench.summary}`);
  await bench.run();
}
