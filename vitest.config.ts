import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

// Workers, and the programs that tests start from source, keep what they compile and strip of types: half of what a short program costs.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

const TESTS = '{protocol,reach,src,relay,agent,testing,bench,scripts}/**/*.test.{ts,tsx}'
/** These hold the product to less than a second, or a live video to its frames; nothing else runs beside them. */
const TIMED = [
  'agent/host/{host,motion}.test.ts',
  'protocol/unattended/unattended.test.ts',
  'src/main/consent/own-hand/x11-hand.test.ts',
  'src/renderer/checks/live-session.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: 'scripts/build-kernel.ts',
    // Real X servers, sockets and databases on two cores: the limits are for a hang, not for speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        // A file waits for its own processes, browsers and X servers half of its time; another one works meanwhile.
        test: { name: 'tests', include: [TESTS], exclude: [...configDefaults.exclude, ...TIMED], maxWorkers: 2 },
      },
      { extends: true, test: { name: 'timed', include: TIMED, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
})
