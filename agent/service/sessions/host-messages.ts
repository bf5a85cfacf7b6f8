import type { ChatMessage } from '#protocol/peer/chat.ts'
import { isLive, isOver } from '#protocol/session/machine.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import type { AgentToRelay, SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { HostToService } from '../../links/host-link.ts'
import type { Logger } from '../log.ts'
import type { SessionChat } from '../receipts/session-chat.ts'
import type { SessionTools } from '../tools/session-tools.ts'
import type { IdleWatch } from './idle-watch.ts'
import type { LiveRights } from './live-rights.ts'
import type { OperatorLink } from './operator-link.ts'
import type { PersonWindow } from './person-window.ts'

export interface HostMessagesParts {
  readonly request: SessionRequest
  readonly clock: Clock
  readonly log: Logger
  readonly window: Pick<PersonWindow, 'showChat'>
  readonly idle: Pick<IdleWatch, 'touch'>
  readonly chat: Pick<SessionChat, 'note'>
  readonly state: () => SessionState
  readonly rights: () => LiveRights | undefined
  readonly link: () => OperatorLink | undefined
  readonly tools: () => SessionTools | undefined
  readonly apply: (event: SessionEvent) => void
  readonly send: (message: AgentToRelay) => void
  readonly end: (reason: EndReason) => void
  readonly onLink: (isUp: boolean) => void
  readonly onConnected: () => void
  readonly hasChat: () => boolean
  readonly onTurnWished: (wish: 'give' | 'take') => void
  readonly onTurnOver: () => void
}

/** What the session host says, and what it does to its session. */
export class HostMessages {
  readonly #parts: HostMessagesParts
  #isChatRefused = false

  constructor(parts: HostMessagesParts) {
    this.#parts = parts
  }

  handle(message: HostToService): void {
    const { request, clock, log, idle, state, rights, link, tools, apply, send, end } = this.#parts
    if (isOver(state())) return
    link()?.handleHost(message)
    const { sessionId } = request
    switch (message.type) {
      case 'signal':
        send({ type: 'session.signal', sessionId, signal: message.signal })
        break
      case 'activity':
        idle.touch()
        break
      case 'peer-connected':
        this.#connected()
        break
      case 'link-interrupted':
        apply({ type: 'link-interrupted', giveUpAtMs: clock.wallMs() + message.giveUpInMs })
        this.#parts.onLink(false)
        break
      case 'link-restored':
        apply({ type: 'link-restored' })
        this.#parts.onLink(true)
        break
      case 'ended':
        end(message.reason)
        break
      case 'input-dropped':
        log.warn({ kind: message.kind, why: message.why }, 'input refused')
        send({ ...message, type: 'session.dropped', sessionId })
        break
      case 'paused-is':
        if (message.paused) rights()?.confirmPaused()
        break
      case 'chat':
        this.#chat(message.chat)
        break
      case 'turn-wished':
        this.#parts.onTurnWished(message.wish)
        break
      case 'turn-over':
        this.#parts.onTurnOver()
        break
      case 'start-tool':
        void tools()?.start(message.tool, message.grant)
        break
      case 'tool-refused':
        tools()?.reportRefusal(message.tool, message.code)
        break
      default:
    }
  }

  died(why: string): void {
    const { state, log, end } = this.#parts
    if (isOver(state())) return
    log.error({ why }, 'the session host died')
    end('agent-failed')
  }

  #connected(): void {
    const { idle, state, rights, apply, onConnected, onLink } = this.#parts
    onConnected()
    idle.touch()
    onLink(true)
    // Another connection in the place of one that was lost: a pause that was in force still is.
    if (isLive(state())) return void apply({ type: 'link-restored' })
    apply({ type: 'peer-connected' })
    const live = rights()
    if (live?.isPaused) apply({ type: 'paused', by: live.pausedBy })
  }

  #chat(chat: ChatMessage): void {
    const { request, state, window, send, hasChat, chat: kept } = this.#parts
    if (!hasChat()) {
      if (!this.#isChatRefused)
        send({ type: 'session.dropped', sessionId: request.sessionId, kind: 'chat', why: 'scope' })
      this.#isChatRefused = true
      // Only while somebody is there to read it: a paused session is, one that isn't agreed on isn't.
    } else if (isLive(state())) {
      kept.note('operator', chat)
      window.showChat(chat)
    }
  }
}
