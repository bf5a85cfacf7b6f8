import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readProxySetting } from './proxy-setting.ts'

const PROXY = 'http://ada:s3cret@proxy.example.com:3128'
let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-proxy-setting-'))
  file = join(folder, 'app.json')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('is the administrator’s, else the environment’s, else none', async () => {
  expect(readProxySetting({}, file)).toBeUndefined()
  expect(readProxySetting({ HANDHOLD_PROXY: PROXY }, file)).toBe(PROXY)
  await writeFile(file, JSON.stringify({ proxy: PROXY }))
  expect(readProxySetting({ HANDHOLD_PROXY: 'http://other.example.com:1' }, file)).toBe(PROXY)
})

it('A125 is no variable that other programs have for it', () => {
  expect(readProxySetting({ HTTPS_PROXY: PROXY, https_proxy: PROXY, ALL_PROXY: PROXY }, file)).toBeUndefined()
})

it.each(['{', '[]', '{"proxy":7}', `{"proxy":"${PROXY}","other":1}`, '{"proxy":"socks5://x"}'])(
  'refuses the file %s and says where it is, without the password',
  async text => {
    await writeFile(file, text)
    expect(() => readProxySetting({}, file)).toThrow(file)
    expect(() => readProxySetting({}, file)).not.toThrow('s3cret')
  },
)
