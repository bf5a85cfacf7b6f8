import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { authorityEntry } from '#testing/x-authority.ts'
import { startXDisplay, type XDisplay, type XDisplayOptions } from '#testing/x-display.ts'
import { linuxPlatform } from './index.ts'

const started: XDisplay[] = []

async function start(options: Partial<XDisplayOptions> = {}): Promise<string> {
  const display = await startXDisplay({ width: 320, height: 240, ...options })
  started.push(display)
  return display.name
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(started.splice(0).map(display => display.stop()))
})

test('without DISPLAY it says what to set', async () => {
  vi.stubEnv('DISPLAY', undefined)
  vi.stubEnv('WAYLAND_DISPLAY', undefined)
  await expect(linuxPlatform.openDesktop({})).rejects.toMatchObject({
    code: 'display-unset',
    message: expect.stringContaining('set DISPLAY'),
  })
  vi.stubEnv('WAYLAND_DISPLAY', 'wayland-0')
  await expect(linuxPlatform.openDesktop({})).rejects.toThrow('Wayland')
})

test('without an address it takes DISPLAY', async () => {
  vi.stubEnv('DISPLAY', await start())
  const desktop = await linuxPlatform.openDesktop({})
  expect((await desktop.displays()).length).toBe(1)
  await desktop.close()
})

test.each([':4999', 'nonsense', ':', '', '[::1]:77'])(
  'an address with nothing behind it is unreachable: %s',
  async address => {
    vi.stubEnv('DISPLAY', ':4999')
    const opened = linuxPlatform.openDesktop(address ? { address } : {})
    await expect(opened).rejects.toMatchObject({ name: 'PlatformError', code: 'display-unreachable' })
  },
)

test('a server that wants a cookie denies those without one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-x-'))
  const authorityFile = join(folder, 'server')
  await writeFile(authorityFile, authorityEntry(Buffer.alloc(16, 7)))
  const address = await start({ authorityFile })

  vi.stubEnv('XAUTHORITY', join(folder, 'missing'))
  await expect(linuxPlatform.openDesktop({ address })).rejects.toMatchObject({
    code: 'display-denied',
    message: expect.stringContaining('XAUTHORITY'),
  })

  vi.stubEnv('XAUTHORITY', authorityFile)
  const desktop = await linuxPlatform.openDesktop({ address })
  await desktop.close()
  await rm(folder, { recursive: true })
})

test.each(['XTEST', 'DAMAGE', 'XFIXES'])('a server without %s is named as such', async extension => {
  const address = await start({ withoutExtensions: [extension] })
  await expect(linuxPlatform.openDesktop({ address })).rejects.toMatchObject({
    code: 'extension-missing',
    message: expect.stringContaining(extension),
  })
})

test('without RANDR the whole screen is the one display', async () => {
  const desktop = await linuxPlatform.openDesktop({ address: await start({ withoutExtensions: ['RANDR'] }) })
  expect(await desktop.displays()).toEqual([
    { id: 'screen', name: 'screen', bounds: { x: 0, y: 0, width: 320, height: 240 }, isPrimary: true },
  ])
  await desktop.close()
})

test('without MIT-SHM pictures still arrive', async () => {
  const problems: Error[] = []
  const { createLinuxPlatform } = await import('./index.ts')
  const platform = createLinuxPlatform({ report: problem => problems.push(problem) })
  const desktop = await platform.openDesktop({ address: await start({ withoutExtensions: ['MIT-SHM'] }) })
  const stop = new AbortController()
  const sizes: number[] = []
  await desktop.screen.capture({ displayId: 'screen', maxFramesPerSecond: 30, signal: stop.signal }, frame => {
    sizes.push(frame.surface.pixels.length)
    stop.abort()
  })
  expect(sizes).toEqual([320 * 240 * 4])
  expect(problems).toMatchObject([{ code: 'extension-missing' }])
  await desktop.close()
})

test('colours that cannot be captured are refused', async () => {
  const address = await start({ depth: 16 })
  await expect(linuxPlatform.openDesktop({ address })).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('24-bit'),
  })
})

test('facts name this machine', async () => {
  expect(await linuxPlatform.facts()).toMatchObject({ platform: 'linux', hostname: expect.stringMatching(/./) })
})
