import type { DeviceStatus, QuarantineReason } from '#protocol/device-status.ts'
import type { DeviceOwner, OrganisationView } from '#protocol/wire/views.ts'

export interface EnrolmentTokenRecord {
  readonly id: string
  readonly organisation: OrganisationView
  readonly name: string
  readonly tokenHash: string
  readonly groupId: string
  readonly maxUses: number
  readonly usesLeft: number
  readonly networks: readonly string[]
  readonly approval: boolean
  /** A person's address, or whoever made it at the relay's console. */
  readonly createdBy: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly revokedAtMs: number | null
}

export type NewEnrolmentToken = Omit<EnrolmentTokenRecord, 'organisation' | 'revokedAtMs' | 'usesLeft'> & {
  readonly organisationId: string
}

export type DeviceCounts = Record<DeviceStatus | 'removed', number>

/** One start of an agent, and how many its state has seen. */
export interface Boot {
  readonly id: string
  readonly count: number
}

export interface EnrolmentReader {
  /** The token, whatever has become of it. */
  tokenByHash(tokenHash: string): Promise<EnrolmentTokenRecord | undefined>
  token(id: string): Promise<EnrolmentTokenRecord | undefined>
  /** The newest thousand. */
  tokens(organisationId: string): Promise<EnrolmentTokenRecord[]>
  /** By the hash of the token that enrolled them; tokens without devices are missing. */
  deviceCounts(organisationId: string): Promise<Map<string, DeviceCounts>>
  /** Those that weren't removed, with what they are now. */
  devicesOfToken(tokenHash: string): Promise<{ id: string; status: DeviceStatus }[]>
  /** A device that was removed: it may still be told so. */
  removedDevice(id: string): Promise<{ organisationId: string; keyThumbprint: string } | undefined>
  /** Whether a device with this key was enrolled by this token and has been removed. */
  wasRemoved(keyThumbprint: string, tokenHash: string): Promise<boolean>
  quarantinedSince(sinceMs: number): Promise<string[]>
  /** Null before the device's first connection, and after a release. */
  boot(deviceId: string): Promise<Boot | null>
}

export interface EnrolmentWriter extends EnrolmentReader {
  insertToken(token: NewEnrolmentToken): Promise<void>
  /** Takes `uses`; false when none was left, then nothing is taken. */
  spendToken(tokenHash: string, uses: 0 | 1): Promise<boolean>
  /** False when it was revoked before. */
  revokeToken(id: string, atMs: number): Promise<boolean>
  setStatus(deviceId: string, status: DeviceStatus, reason: QuarantineReason | null, atMs: number): Promise<void>
  setOwner(deviceId: string, owner: DeviceOwner | null): Promise<void>
  /** Null forgets it: the next connection's is taken as it is. */
  setBoot(deviceId: string, boot: Boot | null): Promise<void>
}
