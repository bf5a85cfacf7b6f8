import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeskState } from '../platform.ts'

/** There while systemd runs, as sd_booted(3) looks for it; the folder of the sessions may be left of a package where logind never ran. */
const BOOTED = 'run/systemd/system'
const SESSIONS = 'run/systemd/sessions'

/** Who is at the screen, as systemd-logind writes it down; unknown where there is none. */
export async function readDesk(uid: number | undefined, root = '/'): Promise<DeskState> {
  if (!existsSync(join(root, BOOTED))) return 'unknown'
  const folder = join(root, SESSIONS)
  const names = await readdir(folder).catch(() => undefined)
  if (!names) return 'unknown'
  // Beside each file stands a pipe that is open while the session is.
  const files = names.filter(name => !name.endsWith('.ref'))
  const texts = await Promise.all(files.map(name => readFile(join(folder, name), 'utf8').catch(() => '')))
  const people = texts.filter(text => isPerson(text, uid))
  // A display that nobody signed in to, a kiosk's for instance, is nobody's who could sign out.
  if (people.length === 0) return uid === undefined ? 'unknown' : 'nobody'
  return people.every(text => /^LOCKED_HINT=1$/m.test(text)) ? 'locked' : 'present'
}

function isPerson(session: string, uid: number | undefined): boolean {
  const isDesktop =
    /^ACTIVE=1$/m.test(session) && /^CLASS=user$/m.test(session) && /^(SEAT=|TYPE=(x11|wayland)$)/m.test(session)
  return isDesktop && (uid === undefined || new RegExp(`^UID=${uid}$`, 'm').test(session))
}
