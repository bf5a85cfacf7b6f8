import { afterEach, beforeEach, expect, test } from 'vitest'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'
import { setMonitors } from '#testing/x-display-monitors.ts'
import { XConnection } from './connection.ts'
import { readMonitors } from './monitors.ts'

const DESKTOP = { x: 0, y: 0, width: 320, height: 240 }

let display: XDisplay
let connection: XConnection

beforeEach(async () => {
  display = await startXDisplay({ width: 320, height: 240 })
  connection = await XConnection.open(display.name, () => undefined)
})

afterEach(async () => {
  await connection.close()
  await display.stop()
})

test('a server of before RANDR 1.5 is asked for its CRTCs, and says the same', async () => {
  const randr = await connection.extension('randr')
  const monitors = await readMonitors(connection, randr, DESKTOP)
  expect(monitors).toEqual([{ id: 'screen', name: 'screen', bounds: DESKTOP, isPrimary: true }])
  expect(await readMonitors(connection, { ...randr, minor_version: 4 }, DESKTOP)).toEqual(monitors)
})

test('names that a person may give never are the id of all displays, too long, or two of the same', async () => {
  const long = 'm'.repeat(200)
  await setMonitors(display.name, {
    all: { x: 0, y: 0, width: 100, height: 240 },
    [`${long}1`]: { x: 100, y: 0, width: 100, height: 240 },
    [`${long}2`]: { x: 200, y: 0, width: 100, height: 240 },
  })
  const monitors = await readMonitors(connection, await connection.extension('randr'), DESKTOP)
  expect(monitors.map(({ id }) => id)).toEqual(['all-1', 'm'.repeat(60), `${'m'.repeat(60)}-2`])
})

test('what reaches beyond the desktop is cut, and what lies outside of it is not shown', async () => {
  await setMonitors(display.name, {
    inside: { x: 300, y: 200, width: 100, height: 100 },
    outside: { x: 400, y: 0, width: 100, height: 100 },
  })
  const monitors = await readMonitors(connection, await connection.extension('randr'), DESKTOP)
  expect(monitors).toMatchObject([{ id: 'inside', bounds: { x: 300, y: 200, width: 20, height: 40 } }])
})
