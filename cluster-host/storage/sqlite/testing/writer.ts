/** A process that writes for as long as it lives, and prints each revision that was acknowledged. */
import { openSqliteStore } from '../sqlite-store.ts';

const store = await openSqliteStore({ path: process.argv[2] ?? '' });
let next = 0;
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const key = `key-${++next}`;
      const result = await store.commit([{ type: 'put', key, value: Buffer.alloc(1000, 'x') }]);
      if (result.committed) process.stdout.write(`${result.revision}\n`);
    }
  }),
);
