import { HandholdError } from '#protocol/errors.ts'
import type { Policies } from '../policy/policies.ts'
import type { Reader } from '../store.ts'
import type { AuditCopies } from './copies.ts'

export interface AccountabilityParts {
  readonly read: Reader
  readonly policies: Policies
  readonly copies: Pick<AuditCopies, 'requireDurable'>
  readonly storage: { readonly isFull: boolean }
}

/** Whether what is done on a device now can be kept for those who ask later: where it can't, it isn't done. */
export class Accountability {
  readonly #parts: AccountabilityParts

  constructor(parts: AccountabilityParts) {
    this.#parts = parts
  }

  /** For each command. Throws `storage-full` while the relay's disk is full, and `audit-unavailable` where the device's group wants more than this disk and can't have it. */
  async require(deviceId: string): Promise<void> {
    if (this.#parts.storage.isFull)
      throw new HandholdError(
        'storage-full',
        'The relay’s disk is full, so this can’t be written down and isn’t done. Tell the administrator of the relay.',
      )
    if (await this.#isStrict(deviceId)) this.#parts.copies.requireDurable()
  }

  /** For what is open already: whether a strict group's tools may go on. */
  async mayGoOn(deviceId: string): Promise<boolean> {
    if (!(await this.#isStrict(deviceId))) return true
    return this.require(deviceId).then(
      () => true,
      () => false,
    )
  }

  async #isStrict(deviceId: string): Promise<boolean> {
    const { read, policies } = this.#parts
    const device = await read.device(deviceId)
    if (!device) return false
    return (await policies.of(device.organisationId)).settings(device.groupId).strictAudit.value
  }
}
