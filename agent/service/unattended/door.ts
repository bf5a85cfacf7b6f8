import { HandholdError } from '#protocol/errors.ts'
import { toBytes, toText } from '#protocol/unattended/bytes.ts'
import { openProof, resumeKeyOf, storedKeyOf } from '#protocol/unattended/proof.ts'
import { type ProofSubject, transcriptBytes } from '#protocol/unattended/transcript.ts'
import type { JoinSecret } from '#protocol/unattended/wire.ts'
import type { Stamps } from './stamp.ts'
import type { Armed, StateFile } from './state.ts'
import type { DoorTimes } from './times.ts'
import type { Tries } from './tries.ts'

export interface DoorParts {
  readonly file: StateFile
  readonly stamps: Stamps
  readonly tries: Tries
  readonly times: DoorTimes
}

/** The one door of this device: what opens it, how long still, and whether it was opened. All of it is durable before it counts for anybody else. */
export class Door {
  readonly #parts: DoorParts
  #isOpening = false

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  get armed(): Armed | null {
    return this.#parts.file.now.armed
  }

  /** How long the door may stay as it is; 0 or less when it has to be shut. By the clock that nobody can set, and in doubt 0. */
  leftMs(): number {
    const { armed } = this
    if (!armed) return 0
    const { stamps, times } = this.#parts
    const left = (limitMs: number, since: Armed['since']) => limitMs - stamps.ageOf(since).atMostMs
    if (!armed.openedAt) return left(times.firstUseMs, armed.since)
    return Math.min(left(times.lingerMs, armed.since), this.#leftOfLength(armed))
  }

  async arm(armed: Omit<Armed, 'phase' | 'since' | 'openedAt'>): Promise<void> {
    const { file, stamps } = this.#parts
    await file.change({ armed: { ...armed, phase: 'password', since: stamps.now(), openedAt: null } })
  }

  /**
   * Opens the door with a proof, once: of fifty that come together one is first and the others find it open. Throws `otp-wrong` for a proof that isn't
   * right, having counted it, `otp-burnt` for the last one that is allowed, and `forbidden` where nothing is to be opened.
   */
  async open(secret: JoinSecret, subject: Omit<ProofSubject, 'agentNonce'>): Promise<void> {
    const { file, stamps, tries } = this.#parts
    const { armed } = this
    // No waiting between these questions and the marks that the answers leave.
    if (!armed || this.#isOpening || this.leftMs() <= 0 || secret.kind !== armed.phase) throw notToBeOpened()
    if (tries.isSpent) throw burnt()
    const transcript = transcriptBytes(secret.kind, { ...subject, agentNonce: armed.agentNonce })
    const clientKey = openProof(toBytes(armed.storedKey), toBytes(secret.proof), transcript)
    if (!clientKey) {
      await tries.countWrong()
      throw tries.isSpent
        ? burnt()
        : new HandholdError('otp-wrong', 'That is not the one-time password of this session.')
    }
    this.#isOpening = true
    try {
      const storedKey = toText(storedKeyOf(resumeKeyOf(clientKey, transcript)))
      const since = stamps.now()
      await file.change({ armed: { ...armed, phase: 'resume', storedKey, since, openedAt: armed.openedAt ?? since } })
    } finally {
      this.#isOpening = false
    }
  }

  /** The operator is connected at this moment: the time in which they may come back is counted from here. */
  async stillConnected(): Promise<void> {
    const { armed } = this
    if (armed?.phase === 'resume')
      await this.#parts.file.change({ armed: { ...armed, since: this.#parts.stamps.now() } })
  }

  /** For the next way in: a proof that was made for the last one is worth nothing. */
  async renewNonce(agentNonce: string): Promise<void> {
    if (this.armed) await this.#parts.file.change({ armed: { ...this.armed, agentNonce } })
  }

  /** Forgets everything that could open it, before anybody was told of it. Idempotent; durable when it resolves. */
  async shut(): Promise<void> {
    if (this.armed) await this.#parts.file.change({ armed: null })
  }

  #leftOfLength({ openedAt, request }: Armed): number {
    if (!openedAt || !request.unattended) return 0
    return request.unattended.lengthMs - this.#parts.stamps.ageOf(openedAt).atMostMs
  }
}

const notToBeOpened = () => new HandholdError('forbidden', 'There is nothing to open with that now.')
const burnt = () =>
  new HandholdError(
    'otp-burnt',
    'Too many wrong passwords: this one is burnt. Ask for a new session in a quarter of an hour.',
  )
