import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError } from './keys.ts'
import type { Machine } from './machine.ts'
import { parsePlist } from './plist.ts'

// Written by hand in the layout that reg.exe prints; not recorded on a Windows machine.
const REGISTRY = [
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Handhold\\Agent',
  '    (Default)    REG_SZ    (value not set)',
  '    Server    REG_SZ    relay.example.com',
  '    Port    REG_DWORD    0x20fb',
  '    Tls    REG_DWORD    0x1',
  '    Tenant    REG_SZ    Example Ltd',
  '    Group    REG_SZ    /Branches/Front desk',
  '    Token    REG_SZ    hhe_secret',
  '    PersonMaySwitch    REG_MULTI_SZ    logLevel\\0displayAddress',
  '    LogLevel    REG_SZ    warn',
  '',
  'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Handhold\\Agent\\Other',
  '',
].join('\r\n')

const XML = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>server</key><string>relay.example.com</string>
  <key>port</key><integer>8443</integer><key>tls</key><true/>
  <key>tenant</key><string>Tom &amp; Co</string>
  <key>personMaySwitch</key><array><string>logLevel</string></array>
</dict></plist>`

// Made by Python's plistlib out of the same values.
const BINARY = Buffer.from(
  'YnBsaXN0MDDVAQIDBAUGCAkKC18QD3BlcnNvbk1heVN3aXRjaFRwb3J0VnNlcnZlclZ0ZW5hbnRTdGxzoQdYbG9nTGV2ZWwRIPtfEBFyZWxheS5leGFtcGxlLmNvbVhUb20gJiBDbwkIEyUqMTg8PkdKXmcAAAAAAAABAQAAAAAAAAAMAAAAAAAAAAAAAAAAAAAAaA==',
  'base64',
)

const machine = (change: Partial<Machine>): Machine => ({
  platform: 'linux',
  readFile: () => undefined,
  queryRegistry: () => undefined,
  ...change,
})
const windows = (output: string | undefined) => machine({ platform: 'win32', queryRegistry: () => output })
const mac = (bytes: Buffer) =>
  machine({ platform: 'darwin', readFile: path => (path.endsWith('.plist') ? bytes : undefined) })

describe('managed configuration', () => {
  it('comes from the Windows policy registry, before environment and file, but for what the person may switch', () => {
    const environment = { HANDHOLD_AGENT_RELAY_URL: 'https://evil.example', HANDHOLD_AGENT_LOG_LEVEL: 'debug' }
    const { config, secrets } = readConfig({ ...environment, HANDHOLD_AGENT_TENANT: 'Evil' }, windows(REGISTRY))
    expect(config).toMatchObject({
      relayUrl: 'https://relay.example.com:8443',
      tenant: 'Example Ltd',
      group: '/Branches/Front desk',
      logLevel: 'debug',
    })
    expect(secrets).toEqual({ enrolmentToken: 'hhe_secret' })
  })

  it.each([
    ['text', Buffer.from(XML)],
    ['binary', BINARY],
  ])('comes from macOS managed preferences, %s', (_, bytes) => {
    expect(readConfig({}, mac(bytes)).config).toMatchObject({
      relayUrl: 'https://relay.example.com:8443',
      tenant: 'Tom & Co',
    })
  })

  it('comes from the environment and from the standard file, the environment first', () => {
    const file = JSON.stringify({ server: 'file.example', tls: true, email: 'ada@example.com', group: '/A' })
    const files = machine({
      readFile: path => (path === '/etc/handhold/agent.json' ? Buffer.from(`\uFEFF${file}`) : undefined),
    })
    expect(readConfig({ HANDHOLD_AGENT_GROUP: '/B' }, files).config).toMatchObject({
      relayUrl: 'https://file.example',
      group: '/B',
      owner: { userName: '', email: 'ada@example.com', domain: '' },
    })
    const environment = { HANDHOLD_AGENT_SERVER: '[::1]', HANDHOLD_AGENT_PORT: '8080', HANDHOLD_AGENT_TLS: 'false' }
    expect(readConfig(environment, files).config.relayUrl).toBe('http://[::1]:8080')
  })

  it.each([
    [{ HANDHOLD_AGENT_PORT: '443' }, 'server (HANDHOLD_AGENT_SERVER): is missing, though port or tls is set'],
    [{ HANDHOLD_AGENT_SERVER: 'a', HANDHOLD_AGENT_PORT: '70000' }, 'port (HANDHOLD_AGENT_PORT)'],
    [{ HANDHOLD_AGENT_SERVER: 'a/../b' }, 'must be a host name'],
    [{ HANDHOLD_AGENT_SERVER: 'a', HANDHOLD_AGENT_RELAY_URL: 'https://b' }, 'is set beside relayUrl'],
    [{ HANDHOLD_AGENT_SERVER: 'a', HANDHOLD_AGENT_TLS: 'maybe' }, 'must be true or false'],
    [{ HANDHOLD_AGENT_SERVER: 'a', HANDHOLD_AGENT_PERSON_MAY_SWITCH: 'relayUrl' }, 'personMaySwitch'],
  ])('says what is wrong: %o', (environment, message) => {
    expect(() => readConfig(environment, machine({}))).toThrow(message)
  })

  it('A128 refuses keys that no setting has and values of strange types, wherever they come from', () => {
    expect(() => readConfig({}, windows('    UnattendedPassword    REG_SZ    x'))).toThrow('unattendedPassword')
    expect(() => readConfig({}, windows('    Server    REG_BINARY    00'))).toThrow('is a REG_BINARY')
    expect(() => readConfig({}, windows('    __proto__    REG_SZ    x'))).toThrow(ConfigError)
    expect(() => readConfig({}, mac(Buffer.from(XML.replace('tenant', 'stop'))))).toThrow('stop: is no key')
  })

  it('refuses property lists that are damaged, in any of their bytes, with a reason and no crash', () => {
    for (const text of ['', '<dict>', '<plist><dict><key>a</key></dict></plist>', XML.replace('&amp;', '&lol;')])
      expect(() => readConfig({}, mac(Buffer.from(text)))).toThrow(ConfigError)
    for (let at = 0; at < BINARY.length; at++) {
      for (const value of [0, 0x0f, 0xaf, 0xff]) {
        const damaged = Buffer.from(BINARY)
        damaged[at] = value
        try {
          parsePlist(damaged)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Error)
        }
      }
      expect(() => parsePlist(BINARY.subarray(0, at))).toThrow()
    }
  })
})
