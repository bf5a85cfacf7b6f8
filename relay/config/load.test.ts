import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from './load.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-config-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function file(text: string): Promise<string> {
  const path = join(folder, 'relay.json')
  await writeFile(path, text)
  return path
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      config: {
        host: '127.0.0.1',
        port: 7443,
        dataDir: 'handhold-relay-data',
        publicUrl: null,
        logLevel: 'info',
        trustedProxyHops: 0,
        auditDays: null,
        historyDays: null,
        recordingDays: null,
        auditExport: null,
        auditKeyFile: null,
        auditHeadsFile: null,
        auditHeadsUrl: null,
        auditHeadsSyslog: null,
        tls: null,
      },
      secrets: { bootstrapSecret: null, metricsToken: null },
    })
  })

  it('reads a file, and the environment over it', async () => {
    const path = await file('{"port": 1, "host": "0.0.0.0", "tls": {"certFile": "c", "keyFile": "k"}}')
    const { config } = loadConfig({ HANDHOLD_RELAY_PORT: '2', HANDHOLD_RELAY_TLS_KEY_FILE: 'other' }, path)
    expect(config).toMatchObject({ port: 2, host: '0.0.0.0', tls: { certFile: 'c', keyFile: 'other' } })
  })

  it('keeps the secret apart from what may be logged', () => {
    const { config, secrets } = loadConfig({
      HANDHOLD_RELAY_BOOTSTRAP_SECRET: 'a secret of some length',
      HANDHOLD_RELAY_METRICS_TOKEN: 'a.token.of.some.length',
    })
    expect(secrets).toEqual({ bootstrapSecret: 'a secret of some length', metricsToken: 'a.token.of.some.length' })
    expect(JSON.stringify(config)).not.toMatch(/a.secret|a.token/)
  })

  it.each([
    [{ HANDHOLD_RELAY_PORT: '70000' }, /"port".*HANDHOLD_RELAY_PORT=7443/],
    [{ HANDHOLD_RELAY_PORT: 'http' }, /"port".*HANDHOLD_RELAY_PORT=7443/],
    [{ HANDHOLD_RELAY_LOG_LEVEL: 'loud' }, /"logLevel".*HANDHOLD_RELAY_LOG_LEVEL=info/],
    [{ HANDHOLD_RELAY_TLS_CERT_FILE: 'only this' }, /"tls.keyFile".*HANDHOLD_RELAY_TLS_KEY_FILE=/],
    [{ HANDHOLD_RELAY_PUBLIC_URL: 'ftp://x' }, /"publicUrl".*https:/],
    [{ HANDHOLD_RELAY_AUDIT_DAYS: '7' }, /"auditDays".*HANDHOLD_RELAY_AUDIT_DAYS=400/],
    [{ HANDHOLD_RELAY_AUDIT_EXPORT: 'udp://log.example.org' }, /"auditExport".*HANDHOLD_RELAY_AUDIT_EXPORT=tls:/],
    [{ HANDHOLD_RELAY_METRICS_TOKEN: 'a token with spaces' }, /METRICS_TOKEN must have 16/],
    [{ HANDHOLD_RELAY_BOOTSTRAP_SECRET: 'short' }, /BOOTSTRAP_SECRET must have 16/],
    [{ HANDHOLD_RELAY_CONFIG: '/nowhere/relay.json' }, /can't be read \(ENOENT\)/],
  ])('names the key, the problem and an example in one line: %o', (env, message) => {
    expect(() => loadConfig(env)).toThrow(message)
    expect(() => loadConfig(env)).not.toThrow(/\n/)
  })

  it('refuses unknown keys and files that are no JSON object', async () => {
    const unknown = await file('{"prot": 1}')
    expect(() => loadConfig({}, unknown)).toThrow('"prot" is unknown')
    const broken = await file('port: 1')
    expect(() => loadConfig({}, broken)).toThrow('not a JSON object')
  })
})
