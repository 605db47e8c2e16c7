import { defineConfig } from 'vitest/config'

/** `npm run screens`: looks at what people see, and writes docs/screens/*.png anew. */
export default defineConfig({
  test: {
    include: ['test/screens/**/*.ts'],
    globalSetup: ['test/pg-setup.ts'],
    testTimeout: 60_000,
    fileParallelism: false,
  },
})
