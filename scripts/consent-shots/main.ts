// Pictures of what the person at the device sees, in every language, light and dark, at 100 % and 200 %: `node scripts/consent-shots/main.ts [NAME…]`.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import type { BrowserContext, Page } from 'playwright'
import { historyPage } from '../../agent/service/history/page.ts'
import { LANGUAGES, type Language } from '../../protocol/person/language.ts'
import { buildPages, installBridge, launchBrowser, openPage } from '../../src/renderer/checks/built-pages.ts'
import { root } from '../run-step.ts'
import { sampleAccesses, sizeOf, WINDOWS } from './samples.ts'

const folder = join(root, 'docs/images/consent')
const only = process.argv.slice(2)
const dist = await mkdtemp(join(tmpdir(), 'handhold-consent-shots-'))
const browser = await launchBrowser()

interface Look {
  readonly language: Language
  readonly scheme: 'light' | 'dark'
  readonly scale: 1 | 2
}

const LOOKS: readonly Look[] = LANGUAGES.flatMap(language =>
  (['light', 'dark'] as const).flatMap(scheme => ([1, 2] as const).map(scale => ({ language, scheme, scale }))),
)
const isWanted = (name: string) => only.length === 0 || only.some(part => name.includes(part))

async function shoot(context: BrowserContext, look: Look): Promise<void> {
  for (const window of WINDOWS.filter(({ name }) => isWanted(name))) {
    const { name, state, chat } = window
    const { page } = await openPage(context, dist, 'consent', {}, async opened => {
      await opened.setViewportSize(sizeOf(window))
      const emit = await installBridge(opened, async call => {
        if (call !== 'state') return undefined
        if (chat) setTimeout(() => void emit('chatChanged', chat), 0)
        return state(Date.now(), look.language)
      })
    })
    await page.waitForTimeout(400)
    await save(page, name, look)
  }
  if (!isWanted('history')) return
  const page = await context.newPage()
  await page.setViewportSize({ width: 820, height: 900 })
  const file = join(dist, `history-${look.language}.html`)
  await writeFile(file, historyPage(look.language, sampleAccesses))
  await page.goto(pathToFileURL(file).href)
  await save(page, 'history', look)
}

async function save(page: Page, name: string, { language, scheme, scale }: Look): Promise<void> {
  const picture = `${name}-${language}-${scheme}-${scale}00`
  await page.screenshot({ path: join(folder, `${picture}.png`) })
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  console.log(picture, ...serious.map(({ id }) => id))
  // Whoever runs this in a script hears of it too.
  if (serious.length > 0) process.exitCode = 1
  await page.close()
}

try {
  await mkdir(folder, { recursive: true })
  await buildPages(dist)
  for (const look of LOOKS) {
    const context = await browser.newContext({ colorScheme: look.scheme, deviceScaleFactor: look.scale })
    await shoot(context, look)
    await context.close()
  }
} finally {
  await browser.close()
  await rm(dist, { recursive: true, force: true })
}
