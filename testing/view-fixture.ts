import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { inlinePage } from '../src/main/shell/inline-page.ts'

const preloads = fileURLToPath(new URL('../src/preload/', import.meta.url))

/** A folder like `dist`, with the real preloads and pages of a test's own. */
export interface ViewFixture {
  readonly dist: string
  remove(): Promise<void>
}

/** Builds the Chromium preloads and writes `pages` (name → text) beside them. */
export async function buildViews(pages: Readonly<Record<string, string>>): Promise<ViewFixture> {
  const dist = await mkdtemp(join(tmpdir(), 'handhold-views-'))
  await build({
    entryPoints: ['chromium-operator', 'chromium-consent'].map(name => `${preloads}${name}.ts`),
    outdir: join(dist, 'preload'),
    bundle: true,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
  })
  const renderer = join(dist, 'renderer')
  await writeFiles(renderer, pages)
  if (pages['consent.html'] !== undefined) {
    const inlined = inlinePage(pages['consent.html'], address => pages[address.replace('/', '')] ?? '')
    await writeFiles(renderer, { 'consent-inline.html': inlined })
  }
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) }
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
}
