import { parseArgs } from 'node:util'
import { InstallError } from './install-error.ts'
import { type InstallWish, installOnLinux, uninstallFromLinux } from './linux.ts'

const USAGE = `handhold-agent            runs the agent
handhold-agent install    makes it a service of this machine
    --relay URL           the relay; HANDHOLD_AGENT_ENROLMENT_TOKEN is taken from the environment, never from here
    --user NAME           whose desktop it is; the service runs as this user and with no other rights
    --display :0          the desktop's X display; none for a machine without one
    --root DIR            into a system image that lies in this folder
handhold-agent help       gives the person a number to read to their IT support
    --queue "WORDS"       waits in its queue instead
    --window              asks in a window
handhold-agent history    shows the person who asked for this computer
    --export FILE         writes every signed entry into a new file instead
handhold-agent organisation-key
                          shows this device's own key, and the organisation key that it expects
    reset                 forgets it, for an organisation that has lost its key
handhold-agent uninstall  ends and removes it, with its key, its configuration and its state
    --root DIR`

/** Runs a verb of the command line. Resolves with the exit code. */
export async function runVerb(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const [verb, ...rest] = args
  if (verb === '--help') {
    console.log(USAGE)
    return 0
  }
  if (verb === 'help') {
    const { runHelp } = await import('../help/command.ts')
    return runHelp(rest, environment)
  }
  if (verb === 'history') {
    const { runHistory } = await import('../history/command.ts')
    return runHistory(rest, environment)
  }
  if (verb === 'organisation-key') {
    const { runOrganisationKey } = await import('../trust/command.ts')
    return runOrganisationKey(rest, environment)
  }
  try {
    if (process.platform !== 'linux')
      throw new InstallError(
        'Installing is possible on Linux. For other systems see docs/operating.md, "As a service".',
      )
    if (verb === 'install') await installOnLinux(readInstall(rest, environment))
    else if (verb === 'uninstall') await uninstallFromLinux(readRoot(rest))
    else throw new InstallError(`There is no "${verb}".\n${USAGE}`)
    return 0
  } catch (thrown) {
    if (!(thrown instanceof InstallError)) throw thrown
    console.error(`handhold-agent: ${thrown.message}`)
    return 2
  }
}

function readInstall(args: readonly string[], environment: NodeJS.ProcessEnv): InstallWish {
  const { relay, user, display = ':0', root = '/' } = read(args, ['relay', 'user', 'display', 'root'])
  if (!relay || !URL.canParse(relay))
    throw new InstallError('Say where the relay is: --relay https://relay.example.com')
  if (!user || !/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) throw new InstallError('Say whose desktop it is: --user NAME')
  if (display !== 'none' && !/^:\d{1,4}(\.\d)?$/.test(display))
    throw new InstallError('Write the display as :0, or none where there is none')
  const token = environment.HANDHOLD_AGENT_ENROLMENT_TOKEN
  const address = display === 'none' ? null : display
  return { root, relay, user, display: address, ...(token !== undefined && token !== '' && { token }) }
}

const readRoot = (args: readonly string[]): string => read(args, ['root']).root ?? '/'

function read<const Name extends string>(args: readonly string[], names: readonly Name[]): { [N in Name]?: string } {
  const options = Object.fromEntries(names.map(name => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...args], options, strict: true }).values as { [N in Name]?: string }
  } catch (cause) {
    throw new InstallError(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, { cause })
  }
}
