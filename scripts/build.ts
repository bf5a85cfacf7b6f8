import { readFileSync } from 'node:fs'
import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { inlinePage } from '../src/main/shell/inline-page.ts'
import { buildKernel, KERNEL_PATH } from './build-kernel.ts'
import { packageBin, root, runStep } from './run-step.ts'

const outdir = `${root}dist`

/** zod's index brings the messages of every language, a third of what an agent's program is; ours need one. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: 'export { default as en } from "./en.js"' })),
}

const node: BuildOptions = {
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: true,
  plugins: [oneLanguage],
}

/** Programs of Node, each one file: it starts sooner and takes less memory than hundreds do. What carries native code or loads by name stays outside. */
const programs: BuildOptions = {
  ...node,
  // Packages in CommonJS that are bundled into ES modules still call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  entryPoints: {
    'verify/handhold': 'relay/verify/main.ts',
    'main/operator': 'src/main/operator/chromium.ts',
    'main/electron-operator': 'src/main/operator/electron.ts',
    'main/electron-consent': 'src/main/consent/electron.ts',
  },
  external: [
    'better-sqlite3',
    '@lydell/node-pty',
    'native-reg',
    '@roamhq/wrtc',
    'x11',
    'electron',
    'bufferutil',
    'utf-8-validate',
  ],
}

/** What runs all day: the text of a program stays in memory with it. Names stay as they are: keeping them any other way costs time at every closure. */
const services: BuildOptions = {
  ...programs,
  entryPoints: {
    'relay/relay': 'relay/main.ts',
    'agent/service': 'agent/service/main.ts',
    'agent/host': 'agent/host/main.ts',
    'agent/release': 'agent/host/release.ts',
    'agent/helper': 'agent/helper/main.ts',
  },
  minifyWhitespace: true,
  minifySyntax: true,
}

/** Somebody waits for this one to appear: everything in one small file halves the time that loading takes. */
const consent: BuildOptions = {
  ...node,
  entryPoints: { 'main/consent': 'src/main/consent/chromium.ts' },
  minify: true,
  external: ['x11'],
}

/** Preloads run in a page or in Electron's sandbox, where there are no modules. */
const preloads: BuildOptions = {
  entryPoints: {
    'preload/chromium-operator': 'src/preload/chromium-operator.ts',
    'preload/chromium-display': 'src/preload/chromium-display.ts',
    'preload/chromium-consent': 'src/preload/chromium-consent.ts',
    'preload/electron-operator': 'src/preload/electron-operator.ts',
    'preload/electron-display': 'src/preload/electron-display.ts',
    'preload/electron-consent': 'src/preload/electron-consent.ts',
  },
  outdir,
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'chrome140',
  format: 'iife',
  external: ['electron'],
  plugins: [oneLanguage],
}

/** What the relay serves to browsers that have no app. */
const relayPages: BuildOptions = {
  entryPoints: [
    { in: 'relay/pages/main.ts', out: 'relay/pages/account' },
    { in: 'relay/pages/account.css', out: 'relay/pages/account' },
  ],
  outdir,
  bundle: true,
  minify: true,
  platform: 'browser',
  target: ['chrome120', 'firefox120', 'safari17'],
  format: 'esm',
}

await rm(outdir, { recursive: true, force: true })
await Promise.all([build(programs), build(services), build(consent), build(preloads), build(relayPages), buildKernel()])
await copyFile(KERNEL_PATH, join(outdir, 'agent/kernel.wasm'))
for (const name of ['handhold-agent.service', 'handhold-help.desktop', 'handhold-history.desktop'])
  await copyFile(`${root}resources/linux/${name}`, join(outdir, 'agent', name))
process.exitCode = await runStep(packageBin('vite'), ['build', '--logLevel', 'error'])
if (process.exitCode === 0) {
  // The consent window's browser starts on this one; Electron serves the page that it is made of.
  const renderer = join(outdir, 'renderer')
  const read = (name: string) => readFileSync(join(renderer, name), 'utf8')
  await writeFile(join(renderer, 'consent-inline.html'), inlinePage(read('consent.html'), read))
}
