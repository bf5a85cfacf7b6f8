import { expect, it } from 'vitest'
import { startXDisplay } from '#testing/x-display.ts'
import { setMonitors } from '#testing/x-display-monitors.ts'
import { connectX } from './connection.ts'
import { litMonitors, primaryMonitor } from './monitors.ts'

it('one panel that counts as two monitors: the question comes to one of them, and the frame goes round each', async () => {
  const display = await startXDisplay({ width: 1280, height: 800 })
  const connection = await connectX(display.name)
  try {
    expect(await litMonitors(connection)).toEqual([{ x: 0, y: 0, width: 1280, height: 800 }])
    const left = { x: 0, y: 0, width: 500, height: 800 }
    const right = { x: 500, y: 0, width: 780, height: 800 }
    await setMonitors(display.name, { right, left })
    expect(await litMonitors(connection)).toEqual(expect.arrayContaining([left, right]))
    expect([left, right]).toContainEqual(await primaryMonitor(connection))
    // In whatever order they are told, it is the main one.
    for (const monitors of [
      { left, right },
      { right, left },
    ])
      for (const main of ['left', 'right'] as const) {
        await setMonitors(display.name, monitors, main)
        expect(await primaryMonitor(connection)).toEqual(monitors[main])
      }
  } finally {
    connection.close()
    await display.stop()
  }
})
