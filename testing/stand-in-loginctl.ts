import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface StandInLoginctl {
  /** For whoever starts it. */
  readonly path: string
  /** Every call so far, each as its arguments. */
  calls(): Promise<string[][]>
}

/** A program in `folder` that lists these desktop sessions as systemd's own does, writes down how it is called and takes every verb but `refuses`. */
export async function makeLoginctl(
  folder: string,
  sessions: readonly { session: string; uid: number; seat: string | null }[],
  refuses = '',
): Promise<StandInLoginctl> {
  const path = join(folder, 'loginctl')
  const log = join(folder, 'loginctl.calls')
  await writeFile(log, '')
  // One line for each argument and an empty one after each call.
  await writeFile(
    path,
    `#!/bin/sh
printf '%s\\n' "$@" '' >> '${log}'
[ "$1" = '${refuses}' ] && { echo 'Access denied' >&2; exit 1; }
[ "$1" = list-sessions ] && echo '${JSON.stringify(sessions)}'
exit 0
`,
  )
  await chmod(path, 0o755)
  return {
    path,
    calls: async () =>
      (await readFile(log, 'utf8'))
        .split('\n\n')
        .filter(call => call !== '')
        .map(call => call.split('\n')),
  }
}
