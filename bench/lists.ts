import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Page } from 'playwright'
import { SECURITY_HEADERS } from '../src/main/shell/security.ts'
import { openAdminWindow } from '../src/renderer/checks/admin-window.ts'
import { buildPages, launchBrowser } from '../src/renderer/checks/built-pages.ts'
import { ROW_HEIGHT } from '../src/renderer/components/table/layout.ts'
import { fillFleet, fillGroups } from '../testing/fleet.ts'
import { TestOrganisation } from '../testing/world/organisation.ts'
import type { BenchResult } from './result.ts'

const DEVICES = 10_000
const MEASURED_MS = 10_000
/** A frame that took longer than two at 60 Hz is seen as a stutter. */
const STUTTER_MS = 34
/** Rows in a second: reading along, and a pull at the scroll bar. */
const SPEEDS = { reading: 60, pulling: 600 }

interface Scrolled {
  readonly framesMs: readonly number[]
  /** Frames in which the last row in sight wasn't drawn yet. */
  readonly blankFrames: number
}

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
    const rows: Array<Record<string, string | number>> = []
    const json: Record<string, object> = {}
    for (const [speed, rowsPerS] of Object.entries(SPEEDS)) {
      const figures = summary(await scroll(page, rowsPerS * ROW_HEIGHT))
      json[speed] = { rowsPerS, ...figures }
      rows.push({ speed, 'rows/s': rowsPerS, ...figures })
    }
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

const scroll = (page: Page, pixelsPerS: number): Promise<Scrolled> =>
  page
    .getByRole('grid', { name: 'Devices' })
    .locator('visible=true')
    .evaluate(
      (grid, { pixelsPerS, rowHeight, durationMs }) =>
        new Promise<Scrolled>(resolve => {
          const scroller = grid.parentElement as HTMLElement
          scroller.scrollTop = 0
          const framesMs: number[] = []
          let blankFrames = 0
          let beforeMs: number | undefined
          let startMs: number | undefined
          requestAnimationFrame(function step(atMs) {
            startMs ??= atMs
            if (beforeMs !== undefined) framesMs.push(atMs - beforeMs)
            beforeMs = atMs
            const lastRow = Math.floor((scroller.scrollTop + scroller.clientHeight) / rowHeight) - 1
            if (!grid.querySelector(`tr[aria-rowindex="${lastRow}"]`)) blankFrames++
            if (atMs - startMs > durationMs) return resolve({ framesMs, blankFrames })
            scroller.scrollTop = ((atMs - startMs) / 1000) * pixelsPerS
            requestAnimationFrame(step)
          })
        }),
      { pixelsPerS, rowHeight: ROW_HEIGHT, durationMs: MEASURED_MS },
    )

function summary({ framesMs, blankFrames }: Scrolled) {
  const sorted = framesMs.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10
  const stutters = framesMs.filter(ms => ms > STUTTER_MS).length
  return {
    fps: Math.round((framesMs.length / MEASURED_MS) * 10_000) / 10,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    longestMs: at(1),
    stutters,
    blankFrames,
  }
}
