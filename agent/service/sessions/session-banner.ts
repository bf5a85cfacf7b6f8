import { isDeepStrictEqual } from 'node:util'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import type { ToolsWitnessed } from '../tools/session-tools.ts'
import type { LiveRights } from './live-rights.ts'
import type { PersonWindow } from './person-window.ts'

/** What the person's banner says of the session, brought up to date piece by piece. */
export class SessionBanner {
  readonly #window: Pick<PersonWindow, 'showBanner'>
  #rights: Pick<LiveRights, 'scopes' | 'isPauseInForce'> | undefined
  #sinceMs = 0
  #unasked: UnaskedCause | undefined
  #isLinkUp = false
  #witnessed: ToolsWitnessed = { isRecording: false, watchers: [] }

  constructor(window: Pick<PersonWindow, 'showBanner'>) {
    this.#window = window
  }

  /** Nothing is shown before this. */
  begin(rights: Pick<LiveRights, 'scopes' | 'isPauseInForce'>, sinceMs: number, unasked?: UnaskedCause): void {
    this.#rights = rights
    this.#sinceMs = sinceMs
    this.#unasked = unasked
    this.show()
  }

  setLinkUp(isLinkUp: boolean): void {
    this.#isLinkUp = isLinkUp
    this.show()
  }

  setWitnessed(witnessed: ToolsWitnessed): void {
    if (isDeepStrictEqual(witnessed, this.#witnessed)) return
    this.#witnessed = witnessed
    this.show()
  }

  show(): void {
    if (!this.#rights) return
    const { scopes, isPauseInForce: isPaused } = this.#rights
    const { isRecording, watchers } = this.#witnessed
    const unasked = this.#unasked
    this.#window.showBanner({
      ...{ sinceMs: this.#sinceMs, linkUp: this.#isLinkUp, scopes, isPaused, isRecording },
      watchers: watchers.map(withoutAddress),
      ...(unasked && { unasked }),
    })
  }
}

/** The person knows people by their names. */
const withoutAddress = (label: string): string => label.replace(/ <[^<>]*>$/, '')
