import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import type { OperatorKeyView } from '#protocol/trust-http.ts'
import type { UserView } from '#protocol/wire/views.ts'

export interface NewOperatorKey {
  readonly userId: string
  readonly thumbprint: string
  readonly key: Ed25519PublicJwk
  readonly computer: string
  readonly atMs: number
}

export interface NewOrder {
  readonly organisationId: string
  readonly sequence: number
  readonly statement: string
  readonly isHandOver: boolean
  readonly atMs: number
}

export interface TrustReader {
  /** Hand-overs and the newest order, oldest first. */
  orders(organisationId: string): Promise<string[]>
  /** Of one person, newest first. */
  keysOf(userId: string): Promise<OperatorKeyView[]>
  /** Of everybody who is there. */
  keysOfOrganisation(organisationId: string): Promise<(OperatorKeyView & { readonly operator: UserView })[]>
  /** Whose key it is in this organisation. */
  ownerOf(organisationId: string, thumbprint: string, userId: string): Promise<boolean>
  deviceIds(organisationId: string): Promise<string[]>
}

export interface TrustWriter extends TrustReader {
  /** With it all older ones that hand nothing over are gone. */
  insertOrder(order: NewOrder): Promise<void>
  /** False for one that is known. Of more than `keep` the oldest go. */
  insertKey(key: NewOperatorKey, keep: number): Promise<boolean>
  setCertificate(userId: string, thumbprint: string, certificate: string): Promise<void>
  /** Orders and certificates; keys stay. */
  forget(organisationId: string): Promise<void>
}
