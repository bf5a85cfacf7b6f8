import type { DeviceStatus, QuarantineReason } from '#protocol/device-status.ts'
import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import type { DeviceFactsWire, DeviceOwner } from '#protocol/wire/views.ts'

export interface DeviceRecord {
  readonly id: string
  readonly organisationId: string
  readonly name: string
  readonly facts: DeviceFactsWire
  readonly key: Ed25519PublicJwk
  readonly keyThumbprint: string
  readonly enrolmentTokenHash: string
  readonly enrolledAtMs: number
  readonly lastSeenAtMs: number | null
  readonly groupId: string
  readonly status: DeviceStatus
  /** With `quarantined` only. */
  readonly statusReason: QuarantineReason | null
  readonly owner: DeviceOwner | null
}
