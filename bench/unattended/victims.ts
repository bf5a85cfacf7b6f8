import { commandOf, type Known, processesOfSession, processOf, processTree } from '../../testing/process-tree.ts'

/** What a session's processes are: the first whose word is on the command line. */
const KINDS = [
  ['session host', 'host/main'],
  ['helper', 'helper/main'],
  ['virtual display', 'Xvfb'],
  ['cover', 'main/consent'],
  ['browser of the cover', 'chromium'],
  ['program of the shell', 'sleep'],
] as const
/** Often nothing else is there to be killed. */
const SERVICE_SHARE = 0.25

export type Victim = 'service' | 'shell' | (typeof KINDS)[number][0]

export interface Processes {
  readonly service: Known | undefined
  /** Its children with all of theirs, and what left them. */
  readonly others: readonly Known[]
}

/** Everything that a device runs for a session now. */
export function processesOf(servicePid: number, sessionId: string): Processes {
  const [service, ...children] = processTree(servicePid)
  const known = new Set(children.map(({ pid }) => pid))
  const strays = processesOfSession(sessionId).filter(pid => !known.has(pid) && pid !== servicePid)
  return { service, others: [...children, ...strays.flatMap(pid => processOf(pid) ?? [])] }
}

/** One of them, each kind as likely as the next; undefined where the service isn't there. */
export function chooseVictim(
  { service, others }: Processes,
  random: () => number,
): { readonly victim: Victim; readonly pid: number } | undefined {
  if (!service) return undefined
  const kinds = Map.groupBy(others, ({ pid }) => kindOf(pid))
  const kind = pick([...kinds.keys()], random)
  const chosen = kind && pick(kinds.get(kind) ?? [], random)
  if (!kind || !chosen || random() < SERVICE_SHARE) return { victim: 'service', pid: service.pid }
  return { victim: kind, pid: chosen.pid }
}

function kindOf(pid: number): Victim {
  const command = commandOf(pid).join(' ')
  return KINDS.find(([, word]) => command.includes(word))?.[0] ?? 'shell'
}

const pick = <T>(from: readonly T[], random: () => number): T | undefined => from[Math.floor(random() * from.length)]
