import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: 'scripts/build-kernel.ts',
    include: ['{protocol,src,relay,agent,testing,bench,scripts}/**/*.test.{ts,tsx}'],
    // Real X servers, sockets and databases on two cores: the limit is for a hang, not for speed.
    testTimeout: 20_000,
    // Most files start processes, browsers or X servers of their own; two at once on two cores would only wait for each other.
    maxWorkers: 1,
    hookTimeout: 30_000,
  },
})
