import type { AgentControl } from '#protocol/peer/control.ts'
import type { Desktop, Display } from '../platform/platform.ts'
import { DisplayList } from './display-list.ts'

export interface ShownDisplayOptions {
  readonly displayId: string | undefined
  readonly send: (message: AgentControl) => void
  /** The displays changed, or another one was chosen; `selected` may still be the same, at another place. */
  readonly onChanged: (selected: Display | undefined) => void
  /** The desktop can't say what displays it has. */
  readonly onFailed: (thrown: unknown) => void
}

/** Follows the displays of one desktop after another, and tells the operator of them. What the operator chose outlives a desktop. */
export class ShownDisplay {
  readonly #options: ShownDisplayOptions
  readonly #list: DisplayList

  constructor(options: ShownDisplayOptions) {
    this.#options = options
    this.#list = new DisplayList(options.displayId)
  }

  /** Those of the last desktop count until there is another one. */
  get selected(): Display | undefined {
    return this.#list.selected
  }

  /** Until `signal` aborts. */
  follow(desktop: Desktop, signal: AbortSignal): void {
    const forget = desktop.onDisplaysChanged(displays => this.#handleDisplays(displays))
    signal.addEventListener('abort', forget, { once: true })
    void desktop.displays().then(
      displays => !signal.aborted && this.#handleDisplays(displays),
      thrown => this.#options.onFailed(thrown),
    )
  }

  /** A display that isn't there changes nothing. */
  choose(displayId: string): void {
    if (this.#list.choose(displayId)) this.#handleChanged()
  }

  /** Tells the operator what there is, if there is any. */
  tell(): void {
    const message = this.#list.toMessage()
    if (message) this.#options.send(message)
  }

  #handleDisplays(displays: readonly Display[]): void {
    this.#list.replace(displays)
    this.#handleChanged()
  }

  #handleChanged(): void {
    this.tell()
    this.#options.onChanged(this.#list.selected)
  }
}
