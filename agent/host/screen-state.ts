import type { AgentControl } from '#protocol/peer/control.ts'
import { PlatformError, type PlatformErrorCode } from '../platform/platform.ts'

type State = Extract<AgentControl, { type: 'screen' }>

const MESSAGE_MAX = 300

export interface ScreenStateOptions {
  /** Called for each change, and by `tell`. */
  readonly send: (state: State) => void
  readonly onFailure: () => void
}

/** Whether there is a picture, and why not. The operator is told when that changes. */
export class ScreenState {
  readonly #options: ScreenStateOptions
  #state: State | undefined
  #failure: PlatformErrorCode | undefined

  constructor(options: ScreenStateOptions) {
    this.#options = options
  }

  /** Why the desktop, or its picture, can't be had; undefined where it can, or where the reason has no code. */
  get failure(): PlatformErrorCode | undefined {
    return this.#failure
  }

  /** The operator's side is there: it is told whatever there is. */
  tell(): void {
    if (this.#state) this.#options.send(this.#state)
  }

  /** There is a picture. */
  live(): void {
    this.setFailure(undefined)
    this.#set({ type: 'screen', state: 'live', message: '' })
  }

  /** No picture can be had; `message` is for people. */
  failed(message: string, code: PlatformErrorCode | undefined): void {
    this.setFailure(code)
    this.unavailable(message)
  }

  /** The same, for what was thrown. Only a `PlatformError` has words for people; what else there is stays in the log. */
  failedWith(thrown: unknown): void {
    if (thrown instanceof PlatformError) this.failed(thrown.message, thrown.code)
    else this.failed('The screen of this computer can’t be shown right now.', undefined)
  }

  /** There is no picture; `message` is for people. What failed before stays known. */
  unavailable(message: string): void {
    this.#set({ type: 'screen', state: 'unavailable', message: message.slice(0, MESSAGE_MAX) })
  }

  setFailure(code: PlatformErrorCode | undefined): void {
    this.#failure = code
    this.#options.onFailure()
  }

  #set(state: State): void {
    if (this.#state?.state === state.state && this.#state.message === state.message) return
    this.#state = state
    this.tell()
  }
}
