import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { SECURITY_HEADERS } from '../src/main/shell/security.ts'
import { openAdminWindow } from '../src/renderer/checks/admin-window.ts'
import { buildPages, launchBrowser } from '../src/renderer/checks/built-pages.ts'
import { fillFleet, fillGroups } from '../testing/fleet.ts'
import { TestOrganisation } from '../testing/world/organisation.ts'
import type { BenchResult } from './result.ts'
import { scrollAtTwoSpeeds } from './scroll.ts'

const DEVICES = 10_000

/** Ten thousand devices of a real relay in the operator's window, scrolled for ten seconds at two speeds. */
export async function benchLists(): Promise<BenchResult> {
  const dist = await mkdtemp(join(tmpdir(), 'handhold-lists-'))
  const organisation = await TestOrganisation.start()
  const browser = await launchBrowser()
  try {
    await buildPages(dist)
    await fill(organisation)
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
    const window = { ...(await organisation.window()), headers: SECURITY_HEADERS }
    const { page } = await openAdminWindow(context, dist, window)
    await page
      .getByRole('status')
      .filter({ hasText: `${DEVICES} devices`, visible: true })
      .waitFor()
    const grid = page.getByRole('grid', { name: 'Devices' }).locator('visible=true')
    const json = await scrollAtTwoSpeeds(grid)
    const rows = Object.entries(json).map(([speed, figures]) => ({ speed, ...figures }))
    return { rows, json }
  } finally {
    await browser.close()
    await organisation.relay.close()
    await rm(dist, { recursive: true, force: true })
  }
}

async function fill(organisation: TestOrganisation): Promise<void> {
  const { state } = await organisation.window()
  const organisationId = state.auth.organisation.id
  const database = new Database(join(organisation.relay.dataDir, 'relay.db'))
  const groupIds = fillGroups(database, organisationId, 20)
  fillFleet(database, { organisationId, groupIds, devices: DEVICES, nowMs: Date.now() })
  database.close()
  await organisation.relay.restart()
}
