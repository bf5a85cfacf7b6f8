import { existsSync, readFileSync } from 'node:fs'

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/** The accounts of a passwd file (passwd(5)); none where it can't be read. */
export function readAccounts(passwd = '/etc/passwd'): Account[] {
  try {
    const lines = readFileSync(passwd, 'utf8').split('\n')
    return lines
      .map(line => line.split(':'))
      .filter(fields => fields.length === 7)
      .map(([name = '', , uid, gid, , home = '']) => ({ name, uid: Number(uid), gid: Number(gid), home }))
  } catch {
    return []
  }
}

/** Of the service's own user unless told otherwise; empty where nobody knows. */
export const accountNameOf = (uid: number | undefined = process.getuid?.()): string =>
  readAccounts().find(account => account.uid === uid)?.name ?? ''

/** What a program of somebody else finds in its environment in place of the service's own: their home, their names, their runtime folder. */
export function environmentOfAccount({ name, uid, home }: Account): Record<string, string | undefined> {
  const runtime = `/run/user/${uid}`
  const hasRuntime = existsSync(runtime)
  return {
    HOME: home,
    USER: name,
    LOGNAME: name,
    XDG_RUNTIME_DIR: hasRuntime ? runtime : undefined,
    DBUS_SESSION_BUS_ADDRESS: hasRuntime ? `unix:path=${runtime}/bus` : undefined,
  }
}
