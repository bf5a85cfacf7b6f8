import { HandholdError } from '#protocol/errors.ts'
import type { MachineFacts, ProcessRef, ProcessRow, ToolAction } from '#protocol/tools/messages.ts'

export type ProcessAction = Extract<ToolAction, { process: ProcessRef }>

/** What one look gives. */
export interface ProcessesChange {
  readonly rows: ProcessRow[]
  readonly gone: number[]
  readonly machine: MachineFacts
}

/** As much of it as a message takes. */
export interface ProcessesUpdate extends ProcessesChange {
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** Processes of the device: a live list, and what may be done to one. A process is a number and when it began: numbers are used again. */
export interface Processes {
  /** Tells the whole list and then what changes, until `stop` or another `watch`. Nothing while `mayTell` says no; after that the whole list again. */
  watch(tell: (update: ProcessesUpdate) => void, mayTell: () => boolean): void
  /** Idempotent. */
  stop(): void
  nameOf(ref: ProcessRef): string | Promise<string>
  /** The folder in which it works. Throws `process-changed` for another one, and `forbidden` where this user may not know it. */
  folderOf(ref: ProcessRef): string | Promise<string>
  /** Throws `process-changed` where another process has the number now, and `process-protected`. */
  check(ref: ProcessRef): unknown
  /** Looks once more whether it is the one, right before it is done. Throws as `check` does, and `forbidden` where the system refuses. */
  act(action: ProcessAction): void | Promise<void>
}

export const SIGNALS = { end: 'SIGTERM', 'force-end': 'SIGKILL', suspend: 'SIGSTOP', resume: 'SIGCONT' } as const

/** The agent service, what it started, and this helper. */
export const isAgents = ({ pid, parent }: { pid: number; parent: number }, servicePid: number): boolean =>
  pid === servicePid || parent === servicePid || pid === process.pid

export const changed = () => new HandholdError('process-changed', 'This process is over. Nothing was done.')

export const protectedProcess = () =>
  new HandholdError('process-protected', 'This process keeps the device or the session running. It is left alone.')

export const systemRefused = (cause: unknown) =>
  new HandholdError('forbidden', 'The system refused it: this user may not do that to this process.', { cause })
