import type { Scope } from '#protocol/session/scopes.ts'

/** What an operator asks a device for. */
export interface StartSession {
  readonly deviceId: string
  readonly reason: string
  readonly ticketReference: string | null
  readonly scopes: Scope[]
  readonly isUnattended: boolean
  readonly skipsConsent?: boolean | undefined
  /** Into the session that somebody else has with the device. */
  readonly joins?: boolean | undefined
}
