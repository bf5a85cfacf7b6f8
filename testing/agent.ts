import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, startProgram } from './program.ts'
import { sourceProgram } from './source-program.ts'

export interface TestAgentOptions {
  readonly relayUrl: string
  /** Default: none, for an agent whose state directory is enrolled already. */
  readonly enrolmentToken?: string
  /** Where its desktop is, such as `:7`. */
  readonly display?: string
  /** What the person does: a behaviour of the stand-in, or the argument vector of a consent window. Default `accept`. */
  readonly consent?:
    | 'accept'
    | 'view-only'
    | 'refuse-further'
    | 'ignore-further'
    | 'early-further'
    | 'decline'
    | 'wait'
    | 'early'
    | 'close'
    | 'crash'
    | 'fail'
    | readonly string[]
  /** Default: a fresh one, removed by `stop`. */
  readonly stateDir?: string
  /** Environment beside HANDHOLD_AGENT_*. */
  readonly environment?: Readonly<Record<string, string>>
  /** The program to run. Default: the agent from source. */
  readonly entry?: string
  /** What stands behind the program on its command line. */
  readonly args?: readonly string[]
}

/** A real agent service in a process of its own. */
export interface TestAgent {
  readonly program: Program<true>
  readonly stateDir: string
  readonly lines: readonly string[]
  /** The first log line, among those that came already too, that holds `text`. */
  line(text: string): Promise<string>
  /** Process ids of its children, now. */
  children(): number[]
  /** Ends it and everything of it. Idempotent. */
  stop(): Promise<void>
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** The environment and entry of an agent, for tests that expect it to end by itself. */
export function agentCommand(options: TestAgentOptions & { readonly stateDir: string }) {
  const { consent = 'accept', environment = {} } = options
  const consentCommand =
    typeof consent === 'string' ? [...sourceProgram(here('stand-in-consent.ts')), consent] : consent
  const [command = '', ...args] = sourceProgram(options.entry ?? here('../agent/service/main.ts'))
  return {
    command,
    args: [...args, ...(options.args ?? [])],
    env: {
      NODE_OPTIONS: undefined,
      HANDHOLD_AGENT_CONFIG: undefined,
      HANDHOLD_AGENT_RELAY_URL: options.relayUrl,
      HANDHOLD_AGENT_ENROLMENT_TOKEN: options.enrolmentToken,
      HANDHOLD_AGENT_STATE_DIR: options.stateDir,
      HANDHOLD_AGENT_DISPLAY_ADDRESS: options.display,
      HANDHOLD_AGENT_CONSENT_COMMAND: JSON.stringify(consentCommand),
      HANDHOLD_AGENT_LOG_LEVEL: 'debug',
      ...environment,
    },
  }
}

/** Resolves when the agent is enrolled and dials the relay. */
export async function startTestAgent(options: TestAgentOptions): Promise<TestAgent> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), 'handhold-agent-')))
  const lines: string[] = []
  const watchers = new Set<() => void>()
  const program = await startProgram<true>({
    name: 'agent',
    ...agentCommand({ ...options, stateDir }),
    ready: line => (line.includes('"agent started"') ? true : undefined),
    onLine: line => {
      lines.push(line)
      for (const watcher of [...watchers]) watcher()
    },
  })
  return {
    program,
    stateDir,
    lines,
    line: text =>
      new Promise(resolve => {
        const check = () => {
          const line = lines.find(candidate => candidate.includes(text))
          if (line === undefined) return
          watchers.delete(check)
          resolve(line)
        }
        watchers.add(check)
        check()
      }),
    children: () => childrenOf(program.pid),
    async stop() {
      await program.stop()
      if (options.stateDir === undefined) await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** Process ids whose parent is `pid`, zombies included; from Linux's /proc. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(candidate => parentOf(candidate) === pid)
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold anything, so the fields are counted from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}
