import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CallHandlers } from '#ipc/contract.ts'
import type { OperatorContract, PassOpening, SessionTab } from '#ipc/operator.ts'
import { type OperatorApp, startOperatorApp } from '../src/main/operator/operator-app.ts'
import type { Shell, ShellWindow } from '../src/main/shell/shell.ts'
import { memorySecrets } from './memory-secrets.ts'
import { waitFor } from './wait-for.ts'

type Handlers = CallHandlers<OperatorContract>
type Snapshot = Awaited<ReturnType<Handlers['snapshot']>>

/** What a computer keeps of the app between two runs of it. */
export interface AppHome {
  readonly folder: string
  readonly secrets: ReturnType<typeof memorySecrets>
  remove(): Promise<void>
}

export async function makeAppHome(): Promise<AppHome> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-app-'))
  return { folder, secrets: memorySecrets(), remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The operator app's own code with a window that a test looks through: calls are made as a window makes them. */
export class WindowlessApp {
  readonly #app: OperatorApp
  readonly #calls: Handlers
  readonly #quit: () => Promise<void>

  private constructor(app: OperatorApp, calls: Handlers, quit: () => Promise<void>) {
    this.#app = app
    this.#calls = calls
    this.#quit = quit
  }

  static async start({ folder, secrets }: AppHome, args: readonly string[] = []): Promise<WindowlessApp> {
    const gone = Promise.withResolvers<void>()
    let calls: Handlers | undefined
    const nothing = async () => undefined
    const shell: Shell = {
      kind: 'chromium',
      secrets,
      gone: gone.promise,
      saveFile: async ({ suggestedName, contents }) => {
        await writeFile(join(folder, suggestedName), contents, { flag: 'wx', mode: 0o600 })
        return suggestedName
      },
      openWindow: async options => {
        calls = options.handlers as unknown as Handlers
        const window: ShellWindow<OperatorContract> = {
          emit: () => undefined,
          setFullScreen: nothing,
          cover: nothing,
          setBounds: nothing,
          scale: () => Promise.resolve(1),
          stayAt: nothing,
          focus: nothing,
          giveKeyboardBack: nothing,
          close: nothing,
          closed: gone.promise,
        }
        return window as never
      },
      openInBrowser: nothing,
      quit: async () => gone.resolve(),
    }
    const app = await startOperatorApp(shell, { version: '0.0.0-test', userDataDir: folder, args })
    if (!calls) throw new Error('the app opened no window')
    return new WindowlessApp(app, calls, () => shell.quit())
  }

  get calls(): Handlers {
    return this.#calls
  }

  open(...args: string[]): void {
    this.#app.open(args, '/')
  }

  async state(): Promise<Snapshot> {
    return this.#calls.snapshot()
  }

  async tab(ticket: string, isIt: (tab: SessionTab) => boolean): Promise<SessionTab> {
    let found: SessionTab | undefined
    await waitFor('the tab', async () => {
      found = (await this.state()).sessions.find(tab => tab.ticket === ticket && isIt(tab))
      return found !== undefined
    })
    return found as SessionTab
  }

  /** The access pass that was opened, once it is as far. */
  async pass<N extends PassOpening['name']>(name: N): Promise<Extract<PassOpening, { name: N }>> {
    await waitFor(`the access pass to be ${name}`, async () => (await this.state()).pass?.name === name)
    return (await this.state()).pass as Extract<PassOpening, { name: N }>
  }

  async online(): Promise<void> {
    await waitFor('the relay', async () => (await this.state()).link.name === 'online')
  }

  /** Ends it, as closing its window does. Idempotent. */
  async close(): Promise<void> {
    await this.#quit()
    await this.#app.closed
  }
}
