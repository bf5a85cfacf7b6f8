import { join } from 'node:path'
import { z } from 'zod'
import { organisationIdSchema } from '#protocol/ids.ts'
import type { OrganisationView } from '#protocol/wire/views.ts'
import type { ConsentWindow } from '../../consent/consent-window.ts'
import type { Clock } from '../../links/clock.ts'
import type { DeskState } from '../../platform/platform.ts'
import type { Logger } from '../log.ts'
import type { WindowHandlers } from '../sessions/person-window.ts'
import { readStateFile, removeStateFile, writeStateFile } from '../state/state-file.ts'

/** Where nobody presses anything, on a kiosk for instance, it goes by itself and counts as read. */
const SHOWN_MS = 60_000
/** Is there while sessions without a person are possible. `wasUsed`: one was asked for before anybody was told. */
const fileSchema = z.strictObject({
  /** Whose operators may come without asking: what was said of one organisation says nothing of the next. */
  organisationId: organisationIdSchema,
  isTold: z.boolean(),
  wasUsed: z.boolean(),
})
type Known = Omit<z.infer<typeof fileSchema>, 'organisationId'>

export interface NoticeParts {
  readonly stateDir: string
  readonly organisation: OrganisationView
  readonly clock: Clock
  readonly log: Logger
  readonly readDesk: () => Promise<DeskState>
  /** Somebody could sit in front of this device. */
  readonly hasDisplay: boolean
  readonly openWindow: (handlers: WindowHandlers) => ConsentWindow
}

/**
 * Whoever is in front of the device is told, once and at the agent's next start, that operators may come without asking there. A relay that says "no" and asks
 * for such a session all the same doesn't keep it from them.
 */
export class UnattendedNotice {
  readonly #parts: NoticeParts
  readonly #path: string
  #known: Known | undefined
  #isPolicyKnown = false
  #window: ConsentWindow | undefined
  #saved: Promise<void> = Promise.resolve()

  private constructor(parts: NoticeParts, path: string, known: Known | undefined) {
    this.#parts = parts
    this.#path = path
    this.#known = known
  }

  static async open(parts: NoticeParts): Promise<UnattendedNotice> {
    const path = join(parts.stateDir, 'notice.json')
    const known = parse(await readStateFile(path), parts.organisation.id)
    // The one before has no part in this device any more.
    if (known === undefined) await removeStateFile(path)
    return new UnattendedNotice(parts, path, known)
  }

  /** Resolves when everything so far is on the disk. */
  get settled(): Promise<void> {
    return this.#saved
  }

  /** What the policy says. The first time after a start is the moment for telling; what changes later is told at the next start. */
  async handlePolicy(isPossible: boolean): Promise<void> {
    const known = this.#known
    if (isPossible) this.#keep(known ?? { isTold: false, wasUsed: false })
    else if (!known?.wasUsed) this.#keep(undefined)
    const isStart = !this.#isPolicyKnown
    this.#isPolicyKnown = true
    if (isStart && this.#known?.isTold === false) await this.#tell()
  }

  /** Somebody asks for a session: what they, or whoever answers them, have to see isn't covered. */
  handleRequest(isUnattended: boolean): void {
    this.close()
    if (isUnattended && !this.#known?.isTold) this.#keep({ isTold: false, wasUsed: true })
  }

  /** Nothing is shown any more. Idempotent; what wasn't read is shown at the next start. */
  close(): void {
    this.#window?.kill()
    this.#window = undefined
  }

  async #tell(): Promise<void> {
    const { readDesk, hasDisplay, openWindow, organisation, clock, log } = this.#parts
    const desk = await readDesk()
    if (!hasDisplay || desk === 'nobody' || desk === 'locked') return
    let cancel: () => void = () => undefined
    const read = () => {
      if (this.#window !== window) return
      this.#keep({ isTold: true, wasUsed: false })
      this.close()
    }
    const window = openWindow({
      onMessage: message => {
        if (message.type === 'ready') window.send({ type: 'notice', organisation: organisation.name })
        if (message.type === 'shown') cancel = clock.setTimer(read, SHOWN_MS)
        if (message.type === 'understood') read()
        if (message.type === 'failed')
          log.warn({ why: message.message }, 'nobody could be told of sessions without them')
      },
      onGone: () => cancel(),
      onLine: line => log.warn({ part: 'notice' }, line),
    })
    this.#window = window
  }

  #keep(known: Known | undefined): void {
    if (JSON.stringify(known) === JSON.stringify(this.#known)) return
    this.#known = known
    const organisationId = this.#parts.organisation.id
    const write = () =>
      known ? writeStateFile(this.#path, JSON.stringify({ organisationId, ...known })) : removeStateFile(this.#path)
    // What can't be written is told once more.
    this.#saved = this.#saved.then(write).catch(() => undefined)
  }
}

function parse(text: string | undefined, present: string): Known | undefined {
  if (text === undefined) return undefined
  try {
    const { organisationId, ...known } = fileSchema.parse(JSON.parse(text))
    return organisationId === present ? known : undefined
  } catch {
    // Damaged: they are told once more.
    return { isTold: false, wasUsed: true }
  }
}
