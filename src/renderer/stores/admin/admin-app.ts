import { createStore, type StoreApi } from 'zustand/vanilla'
import { type AdminCalls, adminCallNames } from '#ipc/admin/calls.ts'
import type { Bridge, IpcContract } from '#ipc/contract.ts'
import type { Administration } from '#protocol/administration-http.ts'
import type { OperatorBridge } from '../bridge.ts'
import type { OperatorStore } from '../operator-store.ts'
import { type AdminPage, pagesFor } from './pages.ts'
import { createStepUp, type StepUp } from './step-up.ts'

export type AdminCall = Bridge<{ calls: AdminCalls; events: IpcContract['events'] }>['call']

export interface AdminState {
  /** Null until the relay has said what the person runs. */
  readonly rights: Administration | null
  readonly pages: readonly AdminPage[]
  readonly page: AdminPage | null
  /** The run of a script that is looked at. */
  readonly runId: string | null
}

/** What the administration pages read and do. */
export interface AdminApp {
  readonly store: StoreApi<AdminState>
  readonly stepUp: StepUp
  /** Each rejects with what the relay refused. One that takes a fresh proof of who the person is asks for it and goes on. */
  readonly call: AdminCall
  show(page: AdminPage): void
  /** The page of runs: with this one open, or for null with all of them. */
  showRun(runId: string | null): void
  /** Asks the relay again what the person runs. Never rejects. */
  refresh(): Promise<void>
  close(): void
}

const NOTHING: AdminState = { rights: null, pages: [], page: null, runId: null }

export function createAdminApp(bridge: OperatorBridge, main: OperatorStore): AdminApp {
  const store = createStore<AdminState>(() => NOTHING)
  const stepUp = createStepUp()
  const direct = bridge.call as AdminCall
  const call = Object.fromEntries(
    adminCallNames.map(name => [
      name,
      (args: unknown) => stepUp.run(() => direct[name](args as never) as Promise<unknown>),
    ]),
  ) as unknown as AdminCall

  let person: string | null = null
  const refresh = async () => {
    const asked = person
    try {
      const rights = await bridge.call.administration(undefined)
      if (person !== asked) return
      const pages = pagesFor(rights)
      const { page } = store.getState()
      store.setState({ rights, pages, page: page && pages.includes(page) ? page : (pages[0] ?? null) })
    } catch {
      // Without an answer there is nothing to show; the next connection to the relay asks again.
      if (person === asked) store.setState(NOTHING)
    }
  }
  const stop = main.subscribe(state => {
    const isReady = state.name === 'ready' && state.auth.name === 'signed-in'
    const now =
      isReady && state.auth.name === 'signed-in' ? `${state.auth.user.id} ${state.link.name === 'online'}` : null
    if (now === person) return
    person = now
    if (now === null) {
      stepUp.cancel()
      store.setState(NOTHING)
    } else void refresh()
  })

  const showRun = (runId: string | null) => store.setState({ page: 'runs', runId })
  return { store, stepUp, call, refresh, show: page => store.setState({ page, runId: null }), showRun, close: stop }
}
