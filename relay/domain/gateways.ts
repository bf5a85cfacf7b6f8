import type { RelayToAgent } from '#protocol/wire/agent.ts'
import type { RelayToOperator } from '#protocol/wire/operator.ts'
import type { TurnCredential } from '#protocol/wire/paths.ts'

/** `approved` isn't an end: the device comes back at once, and is welcome then. */
export type CutOffReason = 'removed' | 'quarantined' | 'approved'

/** The devices that are connected now. */
export interface AgentGateway {
  isOnline(deviceId: string): boolean
  /** Resolves when the agent acknowledged; rejects with its refusal, `device-offline`, `timeout` or `link-closed`. */
  request(deviceId: string, message: RelayToAgent): Promise<void>
  /** Resolves when everything that the device has said until now has been handled; at once when it is offline. Not for what handles its words. */
  handled(deviceId: string): Promise<void>
  /** Without an answer; nothing happens when the device is offline. */
  notify(deviceId: string, message: RelayToAgent): void
  /** Closes the device's socket, also one that waits for approval, and says why. */
  cutOff(deviceId: string, why: CutOffReason): void
}

/** The operators that are connected now. A connection is one socket of one sign-in. */
export interface OperatorGateway {
  isConnected(connectionId: string): boolean
  toConnection(connectionId: string, message: RelayToOperator): void
  toUser(userId: string, message: RelayToOperator): void
  /** The people of the organisation who are connected, each once. */
  usersOf(organisationId: string): Iterable<string>
  /** Closes the person's sockets, so that their app comes back and asks for everything anew. */
  refresh(userId: string): void
  /** The sign-in ended: its sockets are closed. */
  endLogin(tokenHash: string): void
}

export type TurnSide = 'agent' | 'operator'

/** The way through the relay for two ends that can't, or may not, reach each other. */
export interface TurnGateway {
  /** New credentials for one end of a session; earlier ones stay good for their time. */
  issue(sessionId: string, side: TurnSide): TurnCredential[]
  /** Nothing goes through the relay for this session any more, and no credential of it is good. Idempotent. */
  end(sessionId: string): void
}
