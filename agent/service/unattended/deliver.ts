import { HandholdError } from '#protocol/errors.ts'
import { verifyProof } from '#protocol/proof.ts'
import { sealPassword } from '#protocol/unattended/seal.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'

/** Where a password is shown to whoever stands before the device; nothing else is ever shown there. */
export interface KioskScreen {
  /** Rejects where nothing can be shown. */
  show(request: SessionRequest, password: string): Promise<void>
  /** The password isn't there any more. Idempotent. */
  clear(): void
  /** Resolves when its window is gone. Idempotent. */
  close(): Promise<void>
}

/** For a device whose screen isn't for that: a policy that wants it there gets no session. */
export const noKioskScreen: KioskScreen = {
  show: () =>
    Promise.reject(
      new Error('This device can’t show a password on its own screen. Let the policy deliver it to the operator.'),
    ),
  clear: () => undefined,
  close: () => Promise.resolve(),
}

/** Hands a new password over, by the policy's way, and keeps nothing of it. */
export class Deliver {
  readonly #deviceId: string
  readonly #screen: KioskScreen

  constructor(deviceId: string, screen: KioskScreen) {
    this.#deviceId = deviceId
    this.#screen = screen
  }

  /** The password sealed for the operator's app, or null when the kiosk's screen shows it. Rejects where it can be handed to nobody. */
  async hand(request: SessionRequest, password: string): Promise<string | null> {
    const { unattended, operatorKeyThumbprint, sessionId } = request
    if (!unattended) throw new HandholdError('bad-request', 'The session is not an unattended one.')
    if (unattended.delivery === 'kiosk') {
      await this.#screen.show(request, password)
      return null
    }
    const { key, proof } = unattended.sealKey
    const claims = await verifyProof('seal', proof, operatorKeyThumbprint)
    // Otherwise whoever carries the request could put a key of its own into it.
    if (claims.deviceId !== this.#deviceId || claims.key.x !== key.x)
      throw new HandholdError('proof-invalid', 'The key for the password is not the operator’s.')
    return sealPassword(key, { sessionId, password })
  }

  used(): void {
    this.#screen.clear()
  }

  close(): Promise<void> {
    return this.#screen.close()
  }
}
