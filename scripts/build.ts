import { rm } from 'node:fs/promises'
import { type BuildOptions, build } from 'esbuild'
import { packageBin, root, runStep } from './run-step.ts'

const dist = `${root}dist`

/** Programs of Node. npm packages stay outside: some carry native code, and a packaged app ships its node_modules anyway. */
const programs: BuildOptions = {
  entryPoints: {
    'relay/relay': 'relay/main.ts',
    'agent/service': 'agent/service/main.ts',
    'agent/host': 'agent/host/main.ts',
    'agent/release': 'agent/host/release.ts',
    'main/operator': 'src/main/operator/chromium.ts',
    'main/consent': 'src/main/consent/chromium.ts',
    'main/electron-operator': 'src/main/operator/electron.ts',
    'main/electron-consent': 'src/main/consent/electron.ts',
  },
  outdir: dist,
  bundle: true,
  splitting: false,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
}

/** Preloads run in a page or in Electron's sandbox, where there are no modules. */
const preloads: BuildOptions = {
  entryPoints: {
    'preload/chromium-operator': 'src/preload/chromium-operator.ts',
    'preload/chromium-consent': 'src/preload/chromium-consent.ts',
    'preload/electron-operator': 'src/preload/electron-operator.ts',
    'preload/electron-consent': 'src/preload/electron-consent.ts',
  },
  outdir: dist,
  bundle: true,
  platform: 'browser',
  target: 'chrome140',
  format: 'iife',
  external: ['electron'],
}

await rm(dist, { recursive: true, force: true })
await Promise.all([build(programs), build(preloads)])
process.exitCode = await runStep(packageBin('vite'), ['build', '--logLevel', 'warn'])
