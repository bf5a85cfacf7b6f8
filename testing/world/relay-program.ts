import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import { enrolmentTokenReplySchema } from '#protocol/enrolment-http.ts'
import { bootstrapReplySchema, operatorReplySchema, signInReplySchema } from '#protocol/http.ts'
import { recoveryCodesReplySchema, totpReplySchema } from '#protocol/identity-http.ts'
import { totpCode } from '../authenticator-app.ts'
import { findFreePort } from '../free-port.ts'
import { type Program, startProgram } from '../program.ts'
import { builtProgram, cleanEnvironment } from './programs.ts'

export interface Administrator {
  readonly name: string
  readonly email: string
  readonly password: string
}

export interface RelayProgram {
  readonly url: string
  readonly pid: number
  readonly administrator: Administrator
  /** A new token for `maxUses` devices. */
  mintEnrolmentToken(maxUses?: number): Promise<string>
  addColleague(email: string, role: 'admin' | 'operator'): Promise<{ email: string; password: string }>
  /** A colleague who has an authenticator app; `code` is good for one sign-in. */
  addColleagueWithApp(email: string): Promise<{ email: string; password: string; code(): string }>
  /** Ends the relay and starts it again on the same port and data. */
  restart(): Promise<void>
  /** Ends it without the data. */
  pause(): Promise<void>
  stop(): Promise<void>
}

export interface RelayProgramOptions {
  readonly organisationName?: string
  readonly onLine?: (line: string) => void
}

/** The real relay as a program of its own, on a fresh database, with its first administrator. */
export async function startRelayProgram({
  organisationName = 'Riverside Clinic',
  onLine,
}: RelayProgramOptions = {}): Promise<RelayProgram> {
  const dataDir = await mkdtemp(join(tmpdir(), 'handhold-relay-'))
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const secret = randomBytes(24).toString('base64url')
  const administrator = {
    name: 'Ada Brandt',
    email: 'ada@riverside.example',
    password: randomBytes(12).toString('base64url'),
  }
  const start = () =>
    startProgram({
      name: 'relay',
      command: process.execPath,
      args: [builtProgram('relay/relay.js')],
      env: cleanEnvironment({
        HANDHOLD_RELAY_HOST: '127.0.0.1',
        HANDHOLD_RELAY_PORT: String(port),
        HANDHOLD_RELAY_DATA_DIR: dataDir,
        HANDHOLD_RELAY_BOOTSTRAP_SECRET: secret,
      }),
      ready: line => (line.includes('"listening"') ? true : undefined),
      ...(onLine ? { onLine } : {}),
    })
  let program: Program = await start()
  await post(url, '/v1/bootstrap', bootstrapReplySchema, { secret, organisationName, ...administrator })

  const signIn = ({ email, password }: { email: string; password: string }) =>
    post(url, '/v1/sign-in', signInReplySchema, { email, password })
  const addColleague: RelayProgram['addColleague'] = async (email, role) => {
    const account = { email, password: randomBytes(12).toString('base64url') }
    const { token } = await signIn(administrator)
    await post(url, '/v1/operators', operatorReplySchema, { ...account, name: 'Rosa Lindt', role }, token)
    return account
  }

  return {
    url,
    get pid() {
      return program.pid
    },
    administrator,
    async mintEnrolmentToken(maxUses = 1) {
      const { token } = await signIn(administrator)
      const body = { maxUses, expiresInS: 3600 }
      return (await post(url, '/v1/enrolment-tokens', enrolmentTokenReplySchema, body, token)).token
    },
    addColleague,
    async addColleagueWithApp(email) {
      const account = await addColleague(email, 'admin')
      const { token: colleague } = await signIn(account)
      const { secret } = await post(url, '/v1/two-factor', totpReplySchema, undefined, colleague)
      const code = totpCode(secret, Date.now())
      await post(url, '/v1/two-factor/confirm', recoveryCodesReplySchema, { code }, colleague)
      // The code of now is spent; the relay takes the next one already.
      return { ...account, code: () => totpCode(secret, Date.now() + 30_000) }
    },
    async restart() {
      await program.stop()
      program = await start()
    },
    pause: () => program.stop(),
    async stop() {
      await program.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function post<T>(url: string, path: string, schema: z.ZodType<T>, body: unknown, token?: string): Promise<T> {
  const response = await fetch(new URL(path, url), {
    method: 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`)
  return schema.parse(JSON.parse(text))
}
