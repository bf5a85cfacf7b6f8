import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Account, readAccounts } from '../children/accounts.ts'
import { InstallError } from './install-error.ts'

const run = promisify(execFile)
const SYSTEMCTL = '/usr/bin/systemctl'
const UNIT = 'handhold-agent.service'

/** Everything that an installed agent consists of, but for the program itself. */
const PLACES = {
  unit: `etc/systemd/system/${UNIT}`,
  config: 'etc/handhold/agent.json',
  // In the desktop's menu, for the person.
  help: 'usr/local/share/applications/handhold-help.desktop',
  history: 'usr/local/share/applications/handhold-history.desktop',
  state: 'var/lib/handhold-agent',
  runtime: 'run/handhold-agent',
}

export interface InstallWish {
  /** `/`, or where a system image lies. */
  readonly root: string
  readonly relay: string
  readonly user: string
  /** Null on a machine without one. */
  readonly display: string | null
  readonly token?: string
}

/** Writes unit and configuration, and starts the service. Done again, it changes only what is different. */
export async function installOnLinux({ root, relay, user, display, token }: InstallWish): Promise<void> {
  const owner = ownerOf(root, user)
  const template = (name: string) => readFile(templateFile(name), 'utf8')
  // A display has its socket in the machine's own /tmp; one in memory gets a /tmp of the service's.
  const values = { NODE: process.execPath, PROGRAM: programFile(), USER: user, TMP: display === null ? 'yes' : 'no' }
  await place(root, PLACES.unit, fill(await template(UNIT), values), 0o644)
  for (const path of [PLACES.help, PLACES.history])
    await place(root, path, fill(await template(basename(path)), values), 0o644)
  // The state folder is named for the person's own commands: the unit's environment isn't theirs.
  const config = {
    relayUrl: relay,
    ...(display !== null && { displayAddress: display }),
    stateDir: `/${PLACES.state}`,
    ...(token && { enrolmentToken: token }),
  }
  // It may hold the enrolment token.
  const path = await place(root, PLACES.config, `${JSON.stringify(config, null, 2)}\n`, 0o600)
  await chown(path, owner.uid, owner.gid)
  if (root === '/') await systemctl('daemon-reload')
  await systemctl(...offline(root), 'enable', ...(root === '/' ? ['--now'] : []), UNIT)
}

/** Ends the service and removes whatever `installOnLinux` and the agent itself wrote. Done again, it changes nothing. */
export async function uninstallFromLinux(root: string): Promise<void> {
  if (await exists(join(root, PLACES.unit)))
    await systemctl(...offline(root), 'disable', ...(root === '/' ? ['--now'] : []), UNIT)
  for (const path of Object.values(PLACES)) await rm(join(root, path), { recursive: true, force: true })
  // Shared with other parts of Handhold: it goes with the last of them.
  await rmdir(join(root, dirname(PLACES.config))).catch(() => undefined)
  if (root === '/') await systemctl('daemon-reload')
}

const offline = (root: string): string[] => (root === '/' ? [] : [`--root=${root}`])

async function systemctl(...args: string[]): Promise<void> {
  try {
    await run(SYSTEMCTL, args, { env: { PATH: '/usr/bin:/bin' } })
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new InstallError(`systemctl ${args[0]} failed: ${said.slice(0, 300)}`, { cause })
  }
}

async function place(root: string, path: string, text: string, mode: number): Promise<string> {
  const full = join(root, path)
  await mkdir(dirname(full), { recursive: true, mode: 0o755 })
  await writeFile(full, text, { mode }).catch((cause: unknown) => {
    throw new InstallError(`${full} can’t be written. Run this as root.`, { cause })
  })
  await chmod(full, mode)
  return full
}

/** Of the image where there is one: its users are other people than this machine's. */
function ownerOf(root: string, user: string): Account {
  const account = readAccounts(join(root, 'etc/passwd')).find(({ name }) => name === user)
  if (!account) throw new InstallError(`There is no user ${user}.`)
  return account
}

/** @throws InstallError for a value that the unit's own syntax would read as something else */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([A-Z]+)@/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    if (/[\s"'\\%$;]/.test(value)) throw new InstallError(`A service can’t be made of the path ${value}.`)
    return value
  })
}

const isSource = import.meta.url.endsWith('.ts')
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
/** The bundle is `dist/agent/service.js`. */
const programFile = (): string => (isSource ? at('../main.ts') : at('./service.js'))
/** Units and launchers: the build puts them beside the bundle. */
const templateFile = (name: string): string => at(isSource ? `../../../resources/linux/${name}` : `./${name}`)

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
