import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import { opens, RECEIPT, type ReceiptClaims, sha256Of } from '#protocol/trust/receipt.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import { Delivery, type DeliveryParts } from './delivery.ts'
import { type KeptReceipts, nameOf, ReceiptFiles } from './receipt-files.ts'
import { SessionChat } from './session-chat.ts'
import { SessionReceipts, type Statement } from './session-receipts.ts'

export interface ReceiptsParts extends Pick<DeliveryParts, 'send'> {
  readonly stateDir: string
  readonly deviceId: string
  readonly deviceKey: Ed25519PublicJwk
  readonly sign: (claims: ReceiptClaims) => Promise<string>
  readonly agentVersion: string
  readonly clock: Clock
  readonly log: Logger
}

/** Everything that this device signed about its sessions: on its own disk first, then at the relay. */
export class Receipts {
  readonly #parts: ReceiptsParts
  readonly #files: ReceiptFiles
  readonly #delivery: Delivery
  /** Statements and files follow one another; a session's keep their order with them. */
  #working: Promise<void> = Promise.resolve()

  constructor(parts: ReceiptsParts) {
    this.#parts = parts
    this.#files = new ReceiptFiles(parts.stateDir)
    this.#delivery = new Delivery({ ...parts, changed: kept => this.#enqueue(() => this.#write(kept)) })
  }

  /** Takes up what an earlier run left: what it granted is closed, and what the relay hasn't got will be sent. */
  resume(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#files.removeUnfinished()
      for (const kept of await this.#files.all()) {
        // Of an earlier enrolment: this key can't close them and this relay's device didn't have them.
        if (kept.deviceKey.x !== this.#parts.deviceKey.x) continue
        const closing = await closingOf(kept)
        if (closing) await this.#add(kept, closing)
        else this.#delivery.offer(kept)
      }
    })
  }

  open(request: SessionRequest): SessionReceipts {
    const { clock, deviceId, deviceKey, log } = this.#parts
    const kept: KeptReceipts = {
      handhold: 'receipt',
      version: 1,
      sessionId: request.sessionId,
      deviceKey,
      receipts: [],
      startedAtMs: clock.wallMs(),
      delivered: 0,
    }
    const add = (statement: Promise<Statement>) => {
      void this.#enqueue(async () => {
        // What can't be tidied up costs no receipt.
        if (kept.receipts.length === 0)
          await this.#files.prune().catch(err => log.error({ err }, 'old receipts can’t be removed'))
        await this.#add(kept, await statement)
      })
    }
    return new SessionReceipts({ request, deviceId, clock, add, chat: this.#openChat(kept) })
  }

  /** What is written in a session: on this disk and no other. */
  #openChat(kept: KeptReceipts): SessionChat {
    const { clock, log } = this.#parts
    let isFailed = false
    const fail = (error: unknown) => {
      if (!isFailed) log.error({ err: error }, 'the chat can’t be kept on this device')
      isFailed = true
    }
    return new SessionChat({
      nowMs: () => clock.wallMs(),
      write: line => void this.#enqueue(() => this.#files.chats.append(nameOf(kept), line).catch(fail)),
    })
  }

  /** The relay is there, or is there again. */
  relayIsBack(): void {
    this.#delivery.start()
  }

  /** Resolves when what was said until now is on the disk. */
  settled(): Promise<void> {
    return this.#working
  }

  async #add(kept: KeptReceipts, statement: Statement): Promise<void> {
    const last = kept.receipts.at(-1)
    const receipt = await this.#parts.sign({
      ...statement,
      version: 1,
      number: kept.receipts.length + 1,
      previous: last === undefined ? null : await sha256Of(last),
      atMs: this.#parts.clock.wallMs(),
      agentVersion: this.#parts.agentVersion,
      protocolVersion: PROTOCOL_VERSION,
    })
    kept.receipts.push(receipt)
    await this.#write(kept)
    this.#delivery.offer(kept)
  }

  /** A disk that is full costs the person's copy, but not the relay's and the operator's. */
  #write(kept: KeptReceipts): Promise<void> {
    return this.#files
      .write(kept)
      .catch(error => this.#parts.log.error({ err: error }, 'a receipt can’t be kept on this device'))
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working
      .then(work)
      .catch(error => this.#parts.log.error({ err: error }, 'a receipt could not be made'))
    return this.#working
  }
}

/** The closing of a session that an earlier run of the agent granted and didn't live to see end. Nobody knows when that was. */
async function closingOf({ receipts }: KeptReceipts): Promise<Statement | undefined> {
  const statements = await Promise.all(receipts.map(text => readStatement(RECEIPT, text)))
  const claims = statements.map(statement => statement.claims)
  const grant = claims.find(claim => claim.kind === 'answer' && opens(claim.answer))
  if (!grant || claims.at(-1)?.kind === 'closing') return undefined
  const { sessionId, deviceId, organisation, operator } = grant
  const unseen = { reason: 'agent-failed', endedAtMs: null, minutes: null } as const
  return { sessionId, deviceId, organisation, operator, kind: 'closing', ...unseen }
}
