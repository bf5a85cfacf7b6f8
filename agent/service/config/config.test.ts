import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const directories: string[] = []
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

function fileWith(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'handhold-config-'))
  directories.push(directory)
  writeFileSync(join(directory, 'agent.json'), text)
  return join(directory, 'agent.json')
}

describe('agent configuration', () => {
  it('keeps a proxy with its password apart, and takes none where the relay has no TLS', () => {
    const proxy = 'http://kiosk:s3cret@proxy.example:3128'
    const read = (relayUrl: string) =>
      readConfig({ HANDHOLD_AGENT_RELAY_URL: relayUrl, HANDHOLD_AGENT_PROXY: proxy, HANDHOLD_AGENT_STATE_DIR: '/x' })
    const { config, secrets } = read('https://relay.example')
    expect(secrets.proxy).toBe(proxy)
    expect(JSON.stringify(config)).not.toContain('s3cret')
    expect(() => read('http://relay.example')).toThrow(/relayUrl.*https/)
  })

  it('takes the environment before the file, and keeps the token apart', () => {
    const path = fileWith(
      JSON.stringify({ relayUrl: 'https://file.example', logLevel: 'warn', enrolmentToken: 'secret' }),
    )
    const { config, secrets } = readConfig({
      HANDHOLD_AGENT_CONFIG: path,
      HANDHOLD_AGENT_RELAY_URL: 'https://relay.example/path?x=1',
      HANDHOLD_AGENT_CONSENT_COMMAND: '["/usr/bin/true","--now"]',
      HANDHOLD_AGENT_STATE_DIR: '/var/lib/x',
      HANDHOLD_AGENT_WITHOUT_CONSENT: 'screen-locked,skip-consent',
      DISPLAY: ':3',
    })
    expect(config).toEqual({
      relayUrl: 'https://relay.example',
      tenant: undefined,
      group: undefined,
      owner: null,
      stateDir: '/var/lib/x',
      helpSocket: '/var/lib/x/help.sock',
      displayAddress: ':3',
      consentCommand: ['/usr/bin/true', '--now'],
      desktopUser: undefined,
      scripts: 'certified',
      withoutConsent: ['screen-locked', 'skip-consent'],
      logLevel: 'warn',
    })
    expect(secrets).toEqual({ enrolmentToken: 'secret' })
  })

  it.each([
    [{}, 'HANDHOLD_AGENT_RELAY_URL', 'is missing'],
    [{ HANDHOLD_AGENT_RELAY_URL: 'ftp://x' }, 'relayUrl', 'http:// or https://'],
    [{ HANDHOLD_AGENT_RELAY_URL: 'relay' }, 'relayUrl', 'Example: https://relay.example.com'],
    [{ HANDHOLD_AGENT_STATE_DIR: 'relative' }, 'stateDir', 'absolute'],
    [{ HANDHOLD_AGENT_WITHOUT_CONSENT: 'everything' }, 'withoutConsent', 'skip-consent'],
    [{ HANDHOLD_AGENT_CONSENT_COMMAND: 'node consent.js' }, 'consentCommand', 'is not JSON'],
    [{ HANDHOLD_AGENT_CONSENT_COMMAND: '[]' }, 'HANDHOLD_AGENT_CONSENT_COMMAND', 'Example'],
    [{ HANDHOLD_AGENT_DESKTOP_USER: '{"uid":-1,"gid":0}' }, 'desktopUser', 'Example'],
    [{ HANDHOLD_AGENT_LOG_LEVEL: 'loud' }, 'logLevel', 'Example: info'],
    [{ HANDHOLD_AGENT_CONFIG: '/nonexistent.json' }, 'HANDHOLD_AGENT_CONFIG', 'can’t be read'],
  ])('names key, problem and example: %o', (environment, key, problem) => {
    const read = () =>
      readConfig({
        ...('HANDHOLD_AGENT_RELAY_URL' in environment || Object.keys(environment).length === 0
          ? {}
          : { HANDHOLD_AGENT_RELAY_URL: 'https://relay.example' }),
        ...environment,
      })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(key)
    expect(read).toThrow(problem)
  })

  it('refuses a file that is no JSON object or has unknown keys', () => {
    expect(() => readConfig({ HANDHOLD_AGENT_CONFIG: fileWith('{') })).toThrow('is not JSON')
    expect(() => readConfig({ HANDHOLD_AGENT_CONFIG: fileWith('[]') })).toThrow('one JSON object')
    expect(() => readConfig({ HANDHOLD_AGENT_CONFIG: fileWith('{"platform":"fake"}') })).toThrow('platform')
  })
})
