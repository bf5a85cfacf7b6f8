import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { EndLock } from './tear-down.ts'

const start = promisify(execFile)
const LOGINCTL = '/usr/bin/loginctl'
/** It asks the system's bus, and nothing of who started the service. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C' }
const TIMEOUT_MS = 5_000
/** What `loginctl list-sessions --output=json` says of each; older ones leave `class` out. */
const sessionsSchema = z.array(z.object({ session: z.string(), uid: z.number(), seat: z.string().nullable() }))

/**
 * Locks or signs out the desktop sessions of `uid`, of everybody at a seat where it is undefined. Rejects where systemd-logind isn't there, where it
 * refuses, and where there is no such session.
 */
export async function lockDesktop(
  how: Exclude<EndLock, 'off'>,
  uid: number | undefined,
  program = LOGINCTL,
): Promise<void> {
  if (process.platform !== 'linux') throw new Error('this system has no way to do it yet')
  const sessions = sessionsSchema.parse(JSON.parse(await run(program, ['list-sessions', '--output=json'])))
  const atSeat = sessions.filter(session => session.seat && (uid === undefined || session.uid === uid))
  if (atSeat.length === 0) throw new Error('nobody is signed in at this device’s own screen')
  const verb = how === 'lock' ? 'lock-session' : 'terminate-session'
  for (const { session } of atSeat) await run(program, [verb, session])
}

async function run(program: string, args: readonly string[]): Promise<string> {
  try {
    return (await start(program, args, { timeout: TIMEOUT_MS, encoding: 'utf8', env: ENVIRONMENT })).stdout
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    throw new Error(isMissing ? 'systemd-logind is not there' : 'systemd-logind refused', { cause: thrown })
  }
}
