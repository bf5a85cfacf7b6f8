import { readdirSync, readFileSync } from 'node:fs'
import { endProcesses } from './end-processes.ts'

const INIT = 1

export interface ServiceProcess {
  readonly pid: number
  /** Of the service's environment: systemd names there the process that it started, and gives that one a control group of its own. */
  readonly systemdPid: string | undefined
  readonly proc?: string
}

/**
 * Ends what a session left without its mark: programs with an environment of their own whose parents are gone. Where the service is systemd's they are still in its
 * control group, which nothing leaves without rights; whatever is there and doesn't descend from the service is nobody's. Returns how many; elsewhere none is known.
 */
export function endStrays({ pid, systemdPid, proc = '/proc' }: ServiceProcess): number {
  if (systemdPid !== String(pid)) return 0
  return endProcesses(() => straysOf(pid, proc))
}

function straysOf(service: number, proc: string): number[] {
  const group = textOf(`${proc}/${service}/cgroup`)
  if (group === '') return []
  const pids = readdirSync(proc).filter(name => /^\d+$/.test(name))
  const inGroup = pids.filter(pid => textOf(`${proc}/${pid}/cgroup`) === group).map(Number)
  const parents = new Map(inGroup.map(pid => [pid, parentOf(textOf(`${proc}/${pid}/stat`))]))
  return inGroup.filter(pid => isAbandoned(pid, service, parents))
}

/** Whoever is first in its line lost the parent to init. A line that ends otherwise has changed while it was read: it is looked at in the next round or at the next end. */
function isAbandoned(pid: number, service: number, parents: ReadonlyMap<number, number | undefined>): boolean {
  let first: number | undefined = pid
  for (let steps = 0; steps < parents.size && first !== undefined && first !== service; steps++) {
    const parent: number | undefined = parents.get(first)
    if (parent === INIT) return true
    first = parent
  }
  return false
}

/** The name in the middle is the program's own choice and may hold anything. */
function parentOf(stat: string): number | undefined {
  const parent = /^ \S (\d+) /.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1]
  return parent === undefined ? undefined : Number(parent)
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
