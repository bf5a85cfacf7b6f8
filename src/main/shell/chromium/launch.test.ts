import { describe, expect, it } from 'vitest'
import { resourcesIn } from '../resources.ts'
import { launchBrowser } from './browser.ts'
import { findBrowser } from './find-browser.ts'
import { browserFlags, type FlagOptions } from './flags.ts'
import { createChromiumShell } from './index.ts'
import { createNulReader } from './nul-frames.ts'

const flagOptions: FlagOptions = {
  view: 'operator',
  profileFolder: '/run/x',
  startUrl: 'data:,',
  size: { width: 800, height: 600 },
  platform: 'linux',
  env: { DISPLAY: ':1' },
  uid: 1000,
  hasGpu: true,
}

describe('finding a browser', () => {
  const linux = { platform: 'linux', env: { PATH: '/opt/bin:relative' } } as const

  it('takes the binary before the script that wraps it', () => {
    const there = ['/usr/bin/chromium', '/usr/lib/chromium/chromium']
    expect(findBrowser({ ...linux, isExecutable: path => there.includes(path) })).toBe('/usr/lib/chromium/chromium')
    expect(findBrowser({ ...linux, isExecutable: path => path === '/opt/bin/google-chrome' })).toBe(
      '/opt/bin/google-chrome',
    )
  })

  it('obeys HANDHOLD_CHROMIUM alone', () => {
    const env = { HANDHOLD_CHROMIUM: '/my/chromium' }
    expect(findBrowser({ platform: 'linux', env, isExecutable: () => true })).toBe('/my/chromium')
    const search = () => findBrowser({ platform: 'linux', env, isExecutable: path => path !== '/my/chromium' })
    expect(search).toThrow(expect.objectContaining({ code: 'browser-missing' }))
  })

  it('says what to install where there is none', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(() => findBrowser({ platform, env: {}, isExecutable: () => false })).toThrow(/Install Chromium/)
    }
  })
})

describe('flags', () => {
  it('open no port unless development asks for one', () => {
    expect(browserFlags(flagOptions).join(' ')).not.toMatch(/remote-debugging-(port|address)/)
    const flags = browserFlags({ ...flagOptions, debugPort: 9333 })
    expect(flags).toEqual(
      expect.arrayContaining(['--remote-debugging-port=9333', '--remote-debugging-address=127.0.0.1']),
    )
  })

  it('keep the sandbox for everyone but root', () => {
    expect(browserFlags(flagOptions).join(' ')).not.toMatch(/no-sandbox|test-type/)
    expect(browserFlags({ ...flagOptions, uid: 0 })).toContain('--no-sandbox')
    expect(browserFlags({ ...flagOptions, uid: undefined }).join(' ')).not.toContain('no-sandbox')
  })

  it('use a GPU only where there is one', () => {
    expect(browserFlags(flagOptions)).not.toContain('--disable-gpu')
    expect(browserFlags({ ...flagOptions, hasGpu: false })).toContain('--disable-gpu')
  })
})

describe('starting', () => {
  const bounds = { width: 300, height: 200 }
  const window = { view: 'operator', contract: { calls: {}, events: {} }, handlers: {}, title: 'x', bounds } as const

  it.runIf(process.platform === 'linux')('says that there is no display', async () => {
    expect(() =>
      launchBrowser({ view: 'operator', start: { url: 'data:,', isWholeView: false }, size: bounds, env: {} }),
    ).toThrow(expect.objectContaining({ code: 'display-missing' }))
    const shell = createChromiumShell({ resources: resourcesIn('/nowhere'), env: { DISPLAY: ':9876' } })
    await expect(shell.openWindow(window)).rejects.toHaveProperty('code', 'display-missing')
    await shell.quit()
    await shell.gone
  })
})

describe('texts between NUL bytes', () => {
  it('come out whole however they are cut', () => {
    const seen: string[] = []
    const read = createNulReader(100, text => seen.push(text))
    for (const byte of Buffer.from('{"ä":1}\0\0two\0thr')) read(Buffer.from([byte]))
    read(Buffer.from('ee\0four\0'))
    expect(seen).toEqual(['{"ä":1}', '', 'two', 'three', 'four'])
  })

  it('are refused when they grow too long', () => {
    const read = createNulReader(10, () => undefined)
    read(Buffer.from('12345678'))
    expect(() => read(Buffer.from('9012'))).toThrow(RangeError)
    expect(() => createNulReader(3, () => undefined)(Buffer.from('12345\0'))).toThrow(RangeError)
  })
})
