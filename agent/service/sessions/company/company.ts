import type { Company as People } from '#protocol/peer/company.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'

/** What is asked of a session in which there may be another operator besides its own. */
export interface Companion {
  readonly request: SessionRequest
  readonly allowed: readonly Scope[]
  tellCompany(people: People): void
  /** The other operator is gone: they only see from now on, as if the person had taken control back. */
  leftAlone(): void
}

/**
 * Whose mouse and keyboard count: one operator's at a time. They pass it on, and whoever was here first takes it back. Who is left alone has none before the
 * person has allowed it to them as the only one.
 */
export class Company {
  readonly #onTurn: (session: Companion) => void
  readonly #members: Companion[] = []
  #holder: Companion | undefined
  /** Gets the turn as soon as whoever had it holds nothing any more. */
  #next: Companion | undefined
  #wasShared = false

  constructor(onTurn: (session: Companion) => void) {
    this.#onTurn = onTurn
  }

  /** The first one has the turn. Idempotent. */
  add(session: Companion): void {
    if (this.#members.includes(session)) return
    this.#members.push(session)
    this.#holder ??= session
    this.#tell()
  }

  /** Idempotent. */
  remove(session: Companion): void {
    const at = this.#members.indexOf(session)
    if (at < 0) return
    this.#members.splice(at, 1)
    if (this.#next === session) this.#next = undefined
    const [rest] = this.#members
    if (!rest) return
    // What the person allowed was for somebody beside the other one.
    if (at === 0) rest.leftAlone()
    if (!this.#holder || this.#holder === session) this.#give(rest)
    else this.#tell()
  }

  /** Was here before everybody else who is here. */
  isFirst(session: Companion): boolean {
    return this.#members[0] === session
  }

  /** Nothing changes where it can't be. */
  wish(session: Companion, wish: 'give' | 'take'): void {
    const to = wish === 'give' ? this.#members.find(other => other !== session) : session
    const mayDecide = wish === 'give' ? this.#holder === session : this.#members[0] === session
    if (!to || !mayDecide || to === this.#holder || !mayControl(to)) return
    this.#next = to
    this.#holder = undefined
    this.#tell()
  }

  /** Nothing of this session is held any more. */
  turnOver(): void {
    if (this.#next) this.#give(this.#next)
  }

  /** Rights or connections changed. */
  changed(): void {
    this.#tell()
  }

  #give(session: Companion): void {
    this.#next = undefined
    this.#holder = session
    this.#tell()
    this.#onTurn(session)
  }

  /** One who was always alone hears nothing of it. */
  #tell(): void {
    this.#wasShared ||= this.#members.length > 1
    if (!this.#wasShared) return
    for (const session of this.#members)
      session.tellCompany(
        this.#members.map(member => ({
          name: member.request.operator.name,
          isSelf: member === session,
          hasInput: member === this.#holder,
          mayControl: mayControl(member),
        })),
      )
  }
}

const mayControl = ({ allowed }: Companion) => allowed.includes('control')
