import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright'
import { SECURITY_HEADERS } from '../src/main/shell/security.ts'
import { buildPages, launchBrowser } from '../src/renderer/checks/built-pages.ts'
import { FakeProcesses } from '../src/renderer/checks/fake-processes.ts'
import { choose, openToolsWindow, showRegistry, state } from '../src/renderer/checks/tools-window.ts'
import { scrollAtTwoSpeeds } from './scroll.ts'

const PROCESSES = 2_000
/** As often as a helper looks, a tenth of the processes is another one. */
const CHANGED_EVERY_MS = 1_500
const CHANGED_STEP = 10

/** The longest lists of the tools, in the operator's window as it is built, over a real connection: a key of 100,000 values that are read as they come into sight, and 2,000 live processes. */
export async function measureToolsScroll() {
  const dist = await mkdtemp(join(tmpdir(), 'handhold-tools-'))
  const browser = await launchBrowser()
  try {
    await buildPages(dist)
    return { registryScroll: await scrollRegistry(browser, dist), processScroll: await scrollProcesses(browser, dist) }
  } finally {
    await browser.close()
    await rm(dist, { recursive: true, force: true })
  }
}

async function scrollRegistry(browser: Browser, dist: string) {
  const opened = await openToolsWindow(browser, dist, {
    scopes: ['view', 'control', 'registry'],
    headers: SECURITY_HEADERS,
  })
  const { page, close } = opened
  const { go } = await showRegistry(opened)
  await go('HKEY_CURRENT_USER\\Software\\Many values')
  await page.getByText('100,000 values').waitFor()
  const figures = await scrollAtTwoSpeeds(page.getByRole('grid', { name: 'Values' }))
  await close()
  return figures
}

async function scrollProcesses(browser: Browser, dist: string) {
  const { page, agent, close } = await openToolsWindow(browser, dist, {
    scopes: ['view', 'control', 'processes'],
    headers: SECURITY_HEADERS,
  })
  await choose(page, /^Processes/)
  await agent.waitFor(message => message.type === 'hello')
  agent.sendTools(state('processes', true))
  await agent.waitFor(message => message.type === 'list' && message.list === 'live')
  const processes = new FakeProcesses(agent, PROCESSES)
  processes.sendAll()
  await page.getByText(`${PROCESSES} processes`).waitFor()
  await page.getByRole('button', { name: 'Larger' }).click()
  const looking = setInterval(() => processes.sendChanges(CHANGED_STEP), CHANGED_EVERY_MS)
  try {
    return await scrollAtTwoSpeeds(page.getByRole('grid', { name: 'Processes' }))
  } finally {
    clearInterval(looking)
    await close()
  }
}
