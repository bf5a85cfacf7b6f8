import type { HelpWish } from '#protocol/help/wire.ts'

/** Somebody at a device wants help. */
export interface HelpRecord extends HelpWish {
  readonly id: string
  readonly organisationId: string
  readonly deviceId: string
  /** With `code` only. */
  readonly codeDigest: string | null
  readonly askedAtMs: number
  readonly untilMs: number
}

export interface HelpReader {
  byId(id: string): Promise<HelpRecord | undefined>
  byCode(codeDigest: string): Promise<HelpRecord | undefined>
  /** Those in the queue whose time isn't over, the longest waiting first. */
  queue(organisationId: string, nowMs: number): Promise<HelpRecord[]>
}

export interface HelpWriter extends HelpReader {
  /** In the place of the device's older wish. */
  put(record: HelpRecord): Promise<void>
  /** False when it was gone already. */
  remove(id: string): Promise<boolean>
  removeOfDevice(deviceId: string): Promise<boolean>
  deleteExpired(nowMs: number): Promise<void>
}
