import type { EventName, EventPayload } from '#ipc/contract.ts'
import { type DisplayContract, displayContract } from '#ipc/display.ts'
import type { OperatorContract, SessionTab, TabPaths } from '#ipc/operator.ts'
import { HandholdError } from '#protocol/errors.ts'
import { VIEWS_MAX } from '#protocol/peer/control.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { Shell, ShellWindow } from '../shell/shell.ts'
import type { ReadableState } from '../state.ts'

type ToOperator = <K extends EventName<OperatorContract>>(event: K, payload: EventPayload<OperatorContract, K>) => void

interface DisplayWindow {
  readonly ticket: string
  /** The number by which device and windows know the picture. */
  readonly view: number
  readonly displayId: string
  /** Undefined while it opens. */
  window: ShellWindow<DisplayContract> | undefined
}

export interface DisplayWindowsDependencies {
  readonly shell: Pick<Shell, 'openWindow'>
  readonly tabs: ReadableState<SessionTab[]>
  /** To the window that has the session's connection. */
  readonly tellOperator: ToOperator
}

export interface DisplayWindows {
  /** A display that has a window already is brought to the front. Refuses with `not-found` and `rate-limited`. */
  open(display: { ticket: string; displayId: string; displayName: string }): Promise<void>
  /** From the agent, by way of the session's connection. */
  handleSignal(ticket: string, view: number, signal: Signal): void
  /** How their connections may reach the device. */
  handlePaths(paths: TabPaths): void
  close(ticket: string, view: number): Promise<void>
}

/** Windows that show one display each. They have no way to the device but through the operator's window; this passes on what makes their connections. */
export function setupDisplayWindows({ shell, tabs, tellOperator }: DisplayWindowsDependencies): DisplayWindows {
  const windows = new Set<DisplayWindow>()
  const pathsOf = new Map<string, TabPaths>()
  const tabOf = (ticket: string) => tabs.get().find(tab => tab.ticket === ticket)
  const find = (ticket: string, view: number) =>
    [...windows].find(window => window.ticket === ticket && window.view === view)

  tabs.subscribe(now => {
    for (const ticket of pathsOf.keys()) if (!now.some(tab => tab.ticket === ticket)) pathsOf.delete(ticket)
    for (const { ticket, window } of windows) {
      const tab = now.find(candidate => candidate.ticket === ticket)
      if (tab && !isOver(tab.state)) window?.emit('tabChanged', tab)
      else void window?.close()
    }
  })

  return {
    async open({ ticket, displayId, displayName }) {
      const tab = tabOf(ticket)
      if (!tab || isOver(tab.state)) throw new HandholdError('not-found', 'That session is no longer open in this app.')
      const own = [...windows].filter(window => window.ticket === ticket)
      const existing = own.find(window => window.displayId === displayId)
      if (existing) return existing.window?.focus()
      const numbers = Array.from({ length: VIEWS_MAX }, (_, index) => index + 1)
      const view = numbers.find(number => own.every(window => window.view !== number))
      if (view === undefined)
        throw new HandholdError(
          'rate-limited',
          `A session shows ${VIEWS_MAX} displays in windows of their own at most.`,
        )
      const entry: DisplayWindow = { ticket, view, displayId, window: undefined }
      windows.add(entry)
      try {
        entry.window = await shell.openWindow({
          view: 'display',
          contract: displayContract,
          title: `${displayName} – ${tab.deviceName}`,
          bounds: { width: 1120, height: 700 },
          minimumSize: { width: 480, height: 320 },
          handlers: {
            snapshot: () => {
              tellOperator('displayWindowReady', { ticket, view, displayId })
              return { tab: tabOf(ticket) ?? tab, displayName, paths: ownPaths(pathsOf.get(ticket), view) }
            },
            sendSignal: ({ signal }) => tellOperator('viewSignalReceived', { ticket, view, signal }),
            setFullScreen: ({ on }) => entry.window?.setFullScreen(on),
          },
        })
      } catch (thrown) {
        windows.delete(entry)
        throw thrown
      }
      void entry.window.closed.then(() => {
        windows.delete(entry)
        tellOperator('displayWindowClosed', { ticket, view })
      })
      const after = tabOf(ticket)
      if (!after || isOver(after.state)) await entry.window.close()
    },
    handleSignal: (ticket, view, signal) => find(ticket, view)?.window?.emit('signalReceived', { ticket, signal }),
    handlePaths(paths) {
      pathsOf.set(paths.ticket, paths)
      for (const { ticket, view, window } of windows)
        if (ticket === paths.ticket) window?.emit('pathsChanged', ownPaths(paths, view))
    },
    close: async (ticket, view) => find(ticket, view)?.window?.close(),
  }
}

/** Each window begins with another of the credentials, because each of them is good for a few connections. */
function ownPaths<T extends TabPaths | undefined>(tab: T, view: number): T extends TabPaths ? TabPaths : TabPaths | null
function ownPaths(tab: TabPaths | undefined, view: number): TabPaths | null {
  if (!tab) return null
  const { credentials } = tab.paths
  const from = view % Math.max(1, credentials.length)
  const rotated = [...credentials.slice(from), ...credentials.slice(0, from)]
  return { ...tab, paths: { ...tab.paths, credentials: rotated } }
}
