import type { MachineFacts, ProcessRow } from '#protocol/tools/messages.ts'
import type { AgentPeer } from './agent-peer.ts'

const MACHINE: MachineFacts = {
  ...{ cpu: 34, processors: 8, memoryUsed: 9.1e9, memoryTotal: 17e9 },
  ...{ load: 2.4, uptimeS: 266_400 },
}
const NAMES = ['systemd', 'Xorg', 'firefox-esr', 'bash', 'cupsd', 'node', 'python3', 'kworker/u8:1']
/** As many as a message takes. */
const AT_ONCE = 40

/** A device's processes as the window sees them: a few parents, some of them busy. */
export class FakeProcesses {
  readonly #agent: AgentPeer
  #rows: ProcessRow[]

  constructor(agent: AgentPeer, count: number) {
    this.#agent = agent
    this.#rows = Array.from({ length: count }, (_, index) => processRow(index))
  }

  /** The whole list, which begins anew. */
  sendAll(): void {
    this.#send(this.#rows, true)
  }

  /** What a look later is another one: every `step`-th process. */
  sendChanges(step: number): void {
    this.#rows = this.#rows.map(row => (row.pid % step === 0 ? { ...row, cpu: (row.cpu + 3.7) % 100 } : row))
    this.#send(
      this.#rows.filter(({ pid }) => pid % step === 0),
      false,
    )
  }

  #send(rows: readonly ProcessRow[], isNew: boolean): void {
    for (let start = 0; start < rows.length; start += AT_ONCE) {
      const part = { rows: rows.slice(start, start + AT_ONCE), gone: [], machine: MACHINE }
      const isLast = start + AT_ONCE >= rows.length
      this.#agent.sendTools({ type: 'processes', tool: 'processes', isFirst: isNew && start === 0, isLast, ...part })
    }
  }
}

function processRow(index: number): ProcessRow {
  const name = NAMES[index % NAMES.length] ?? ''
  return {
    pid: index + 1,
    parent: index === 0 ? 0 : index < 8 ? 1 : (index % 7) + 1,
    startTicks: index * 100,
    startedAtMs: 1_795_000_000_000 + index * 1000,
    user: index % 3 === 0 ? 'root' : 'mara',
    name,
    command: `/usr/bin/${name} --number ${index}`,
    cpu: (index * 37) % 100 === 0 ? 41.5 : (index % 11) / 10,
    memoryBytes: (index % 97) * 3e6 + 1e6,
    state: index === 12 ? 'T' : 'S',
    nice: 0,
    isProtected: index === 0,
  }
}
