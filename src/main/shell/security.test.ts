import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPageFile } from './page-files.ts'
import { distFolder } from './resources.ts'
import {
  ALLOWED_PERMISSIONS,
  CONTENT_SECURITY_POLICY,
  FUSES,
  isNavigationAllowed,
  isPermissionAllowed,
  isSenderTrusted,
  isWindowOpenAllowed,
  ORIGINS,
  pageUrl,
  SECURITY_HEADERS,
  WEB_PREFERENCES,
} from './security.ts'

const kinds = ['chromium', 'electron'] as const

describe('security data of both shells', () => {
  it('A103 the policy allows the built files and nothing else', () => {
    const directives = new Map(CONTENT_SECURITY_POLICY.split('; ').map(text => [text.split(' ', 1)[0], text]))
    for (const name of ['default-src', 'connect-src', 'frame-src', 'frame-ancestors', 'base-uri', 'form-action']) {
      expect(directives.get(name)).toBe(`${name} 'none'`)
    }
    expect(directives.get('script-src')).toBe("script-src 'self'")
    expect(directives.get('style-src')).toBe("style-src 'self'")
    expect(directives.get('worker-src')).toBe("worker-src 'self'")
    expect(directives.get('require-trusted-types-for')).toBe("require-trusted-types-for 'script'")
    expect(directives.get('trusted-types')).toBe('trusted-types screen-worker')
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*|allow-popups|allow-modals|allow-top|allow-downloads/)
    expect(SECURITY_HEADERS['content-security-policy']).toBe(CONTENT_SECURITY_POLICY)
    expect(SECURITY_HEADERS['x-content-type-options']).toBe('nosniff')
  })

  it('A103 Electron gives a page neither Node nor its own privileges', () => {
    const { sandbox, contextIsolation, webSecurity, safeDialogs, ...off } = WEB_PREFERENCES
    expect([sandbox, contextIsolation, webSecurity, safeDialogs]).toEqual([true, true, true, true])
    expect(new Set(Object.values(off))).toEqual(new Set([false]))
  })

  it('A112 every fuse is one of Electron’s and stands on its safe side', () => {
    for (const name of Object.keys(FUSES)) expect(FuseV1Options).toHaveProperty(name)
    const safeWhenOn = ['EnableCookieEncryption', 'EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar']
    for (const [name, value] of Object.entries(FUSES)) expect([name, value]).toEqual([name, safeWhenOn.includes(name)])
  })

  it('A104 a view navigates to its own page only, and opens no window', () => {
    for (const kind of kinds) {
      const page = pageUrl(kind, 'operator')
      expect(isNavigationAllowed(kind, 'operator', page)).toBe(true)
      expect(isNavigationAllowed(kind, 'operator', `${page}#x`)).toBe(true)
      const elsewhere = [
        'http://a/',
        'https://a/',
        'file:///etc/passwd',
        'data:text/html,x',
        'javascript:1',
        'blob:null/1',
      ]
      const near = [
        pageUrl(kind, 'consent'),
        `${page}?x`,
        `${page}.evil.example/`,
        `${page}/`,
        `${ORIGINS[kind]}@evil.example/`,
      ]
      for (const url of [...elsewhere, ...near, page.toUpperCase(), ` ${page}`, 'about:blank', '']) {
        expect([url, isNavigationAllowed(kind, 'operator', url)]).toEqual([url, false])
      }
      expect(isWindowOpenAllowed(page)).toBe(false)
    }
  })

  it('A104 a page uses no permission that isn’t listed', () => {
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'display-capture',
      'clipboard-read',
    ]) {
      expect(isPermissionAllowed('operator', permission)).toBe(false)
    }
    expect(ALLOWED_PERMISSIONS.consent).toEqual([])
  })

  it('A107 main listens to the main frame of a known window on its own page', () => {
    const page = pageUrl('electron', 'consent')
    const good = { url: page, isMainFrame: true, isKnownWindow: true }
    expect(isSenderTrusted(page, good)).toBe(true)
    const changes = [{ url: undefined }, { url: 'about:blank' }, { isMainFrame: false }, { isKnownWindow: false }]
    for (const change of changes) expect(isSenderTrusted(page, { ...good, ...change })).toBe(false)
    expect(isSenderTrusted(pageUrl('electron', 'operator'), good)).toBe(false)
  })
})

describe('page files', () => {
  let folder: string
  const read = (path: string) => readPageFile(join(folder, 'renderer'), ORIGINS.chromium, `${ORIGINS.chromium}${path}`)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'handhold-pages-'))
    await mkdir(join(folder, 'renderer', 'assets'), { recursive: true })
    await mkdir(join(folder, 'renderer-secret'))
    await writeFile(join(folder, 'renderer', 'operator.html'), '<p>operator')
    await writeFile(join(folder, 'renderer', 'assets', 'a-B_1.js'), 'a')
    await writeFile(join(folder, 'renderer', 'key.pem'), 'secret')
    await writeFile(join(folder, 'secret.html'), 'secret')
    await writeFile(join(folder, 'renderer-secret', 'x.html'), 'secret')
    await symlink(join(folder, 'secret.html'), join(folder, 'renderer', 'link.html'))
    await symlink(folder, join(folder, 'renderer', 'up'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('have their type and the headers', async () => {
    const page = await read('/operator.html')
    expect(page?.body.toString()).toBe('<p>operator')
    expect(page?.headers).toEqual({ ...SECURITY_HEADERS, 'content-type': 'text/html; charset=utf-8' })
    expect((await read('/assets/a-B_1.js?v=1'))?.headers['content-type']).toContain('text/javascript')
  })

  it('A91 never come from outside of the folder', async () => {
    const climbs = [
      '/../secret.html',
      '/..%2fsecret.html',
      '/%2e%2e/secret.html',
      '/assets/../../secret.html',
      '/..\\secret.html',
    ]
    const forms = [
      '//secret.html',
      '/./operator.html',
      '/../renderer-secret/x.html',
      '/operator.html/',
      '/operator.html%00.js',
      '/',
    ]
    const others = [
      '/link.html',
      '/up/secret.html',
      '/key.pem',
      '/assets',
      '/.hidden.html',
      '/missing.html',
      `/${'a'.repeat(5000)}.html`,
    ]
    for (const path of [...climbs, ...forms, ...others]) expect([path, await read(path)]).toEqual([path, undefined])
    for (const origin of [
      'https://handhold.invalid.evil.example',
      'http://handhold.invalid',
      'https://handhold.invalid:444',
    ]) {
      expect(await readPageFile(join(folder, 'renderer'), ORIGINS.chromium, `${origin}/operator.html`)).toBeUndefined()
    }
  })
})

describe('the build’s folder', () => {
  it('is found from source and from a bundle', () => {
    expect(distFolder('file:///a/src/main/shell/resources.ts')).toBe('/a/dist')
    expect(distFolder('file:///a/dist/main/consent.js')).toBe('/a/dist/')
  })
})
