import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'
import { startXDisplay } from './x-display.ts'

afterEach(() => vi.unstubAllEnvs())

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('displays that start together get their own names, and stop leaves nothing', async () => {
  const displays = await Promise.all([
    startXDisplay({ width: 320, height: 240 }),
    startXDisplay({ width: 320, height: 240 }),
  ])
  expect(new Set(displays.map(display => display.name)).size).toBe(2)
  for (const { name, pid } of displays) {
    expect(existsSync(`/tmp/.X11-unix/X${name.slice(1)}`)).toBe(true)
    expect(isRunning(pid)).toBe(true)
  }
  await Promise.all(displays.flatMap(display => [display.stop(), display.stop()]))
  for (const { name, pid } of displays) {
    expect(isRunning(pid)).toBe(false)
    expect(existsSync(`/tmp/.X11-unix/X${name.slice(1)}`)).toBe(false)
  }
})

test('a process that ends takes its displays with it', async () => {
  const script = `
    const { startXDisplay } = await import(${JSON.stringify(import.meta.resolve('./x-display.ts'))})
    console.log((await startXDisplay({ width: 64, height: 64 })).name)
    process.exit(0)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  // Not the process id: a container without an init keeps it as a zombie.
  await vi.waitFor(() => expect(existsSync(`/tmp/.X11-unix/X${stdout.trim().slice(1)}`)).toBe(false), 5000)
})

test('without Xvfb it says how to get it', async () => {
  vi.stubEnv('PATH', '/nowhere')
  await expect(startXDisplay({ width: 64, height: 64 })).rejects.toThrow('apt-get install xvfb')
})
