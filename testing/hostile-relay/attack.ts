import type { Signal } from '#protocol/wire/signal.ts'
import type { HostileSession } from './session.ts'

type Passing = (signal: Signal, session: HostileSession) => Signal[] | Promise<Signal[]>

/** What a relay in the middle does to one session. Each member stands for what it would pass on honestly; absent means that it does. */
export interface Attack {
  readonly name: string
  /** Instead of the honest request, join and so on: the whole attack is the relay's own. */
  readonly run?: (session: HostileSession) => Promise<void>
  /** What the device gets for one signal of the operator's. */
  readonly toDevice?: Passing
  /** What the operator gets for one signal of the device's. */
  readonly toOperator?: Passing
}

/** What of a session may be used again in a later one. */
export interface Recording {
  pass?: string
  proof?: string
  operatorTranscript?: string
  deviceTranscript?: string
  offer?: string
}
