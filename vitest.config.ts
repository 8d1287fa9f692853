import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/built-program.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Vitest leaves a core to itself: with two cores that is half of the machine.
    maxWorkers: 2,
    // No module keeps anything, so files can share a process: each would spend half a second on loading the program.
    isolate: false,
  },
});
