import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { EndLock } from './tear-down.ts'

const run = promisify(execFile)
const LOGINCTL = 'loginctl'
const TIMEOUT_MS = 5_000
/** What `loginctl list-sessions --output=json` says of each; older ones leave `class` out. */
const sessionsSchema = z.array(z.object({ session: z.string(), uid: z.number(), seat: z.string().nullable() }))

/**
 * Locks or signs out the desktop sessions of `uid`, of everybody at a seat where it is undefined. Rejects where systemd-logind isn't there, where it
 * refuses, and where there is no such session.
 */
export async function lockDesktop(how: Exclude<EndLock, 'off'>, uid: number | undefined): Promise<void> {
  if (process.platform !== 'linux') throw new Error('this system has no way to do it yet')
  const sessions = sessionsSchema.parse(JSON.parse(await loginctl('list-sessions', '--output=json')))
  const atSeat = sessions.filter(session => session.seat && (uid === undefined || session.uid === uid))
  if (atSeat.length === 0) throw new Error('nobody is signed in at this device’s own screen')
  const verb = how === 'lock' ? 'lock-session' : 'terminate-session'
  for (const { session } of atSeat) await loginctl(verb, session)
}

async function loginctl(...args: string[]): Promise<string> {
  try {
    return (await run(LOGINCTL, args, { timeout: TIMEOUT_MS, encoding: 'utf8' })).stdout
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
    throw new Error(isMissing ? 'systemd-logind is not there' : 'systemd-logind refused', { cause: thrown })
  }
}
