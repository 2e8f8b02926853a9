import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '.tools/**', 'dist/**', 'test/e2e/**', 'test/ui/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['**/*.test.ts'], exclude: [...exclude, '**/*.docker.test.ts', '**/*.kubectl.test.ts', '**/*.etcd.test.ts'], testTimeout: 20_000 },
      },
      {
        // These need an engine, a kubectl or an etcd, and share the machine: one file after the other.
        test: {
          name: 'integration',
          include: ['**/*.docker.test.ts', '**/*.kubectl.test.ts', '**/*.etcd.test.ts'],
          exclude,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
