// Pictures of every state of both windows, light and dark, for a person to look at: `node src/renderer/checks/shots.ts FOLDER [NAME…]`.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright'
import { buildPages, installBridge, launchBrowser, openPage } from './built-pages.ts'
import { FakeMain } from './fake-main.ts'
import { CONSENT_SHOTS, OPERATOR_SHOTS } from './shot-list.ts'

const [folder = 'shots', ...only] = process.argv.slice(2)
const dist = await mkdtemp(join(tmpdir(), 'handhold-shots-'))
const browser = await launchBrowser()

async function shootOperator(context: BrowserContext, scheme: string): Promise<void> {
  for (const shot of OPERATOR_SHOTS.filter(candidate => isWanted(candidate.name))) {
    const main = new FakeMain(shot.state(Date.now()))
    const { page, complaints } = await openPage(context, dist, 'operator', {}, async opened => {
      const emit = await installBridge(opened, (name, args) =>
        shot.hangs?.includes(name) ? new Promise(() => undefined) : main.call(name as 'snapshot', args as undefined),
      )
      main.forwardEvents((name, payload) => void emit(name, payload))
    })
    await page.waitForLoadState('networkidle')
    await shot.act?.(page, main)
    await save(page, `${shot.name}-${scheme}`, complaints)
  }
}

async function shootConsent(context: BrowserContext, scheme: string): Promise<void> {
  for (const shot of CONSENT_SHOTS.filter(candidate => isWanted(candidate.name))) {
    const { page, complaints } = await openPage(context, dist, 'consent', {}, async opened => {
      await opened.setViewportSize(shot.size)
      await installBridge(opened, async name => (name === 'state' ? shot.state(Date.now()) : undefined))
    })
    await page.waitForTimeout(shot.afterMs ?? 300)
    await save(page, `${shot.name}-${scheme}`, complaints)
  }
}

async function save(page: Page, name: string, complaints: readonly string[]): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`) })
  await page.close()
  console.log(name, complaints.length > 0 ? complaints : '')
}

const isWanted = (name: string) => only.length === 0 || only.some(part => name.includes(part))

try {
  await mkdir(folder, { recursive: true })
  await buildPages(dist)
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme })
    await shootOperator(context, colorScheme)
    await shootConsent(context, colorScheme)
    await context.close()
  }
} finally {
  await browser.close()
  await rm(dist, { recursive: true, force: true })
}
