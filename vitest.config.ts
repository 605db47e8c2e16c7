import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/screens/**', 'node_modules/**', 'dist/**'],
    globalSetup: ['test/pg-setup.ts'],
    pool: 'forks',
    // The files of a worker share what is loaded: to load it again for each takes longer than most of them. What they change they put back.
    isolate: false,
    sequence: { sequencer: LongFirst },
    // Vitest leaves a core free by itself; of two, that is half.
    maxWorkers: '100%',
    testTimeout: 45_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // Its own summary stays; ours adds what must not pass by being absent.
    reporters: ['default', './test/support/counts.ts'],
  },
})
