import { groupedPassword } from '#protocol/unattended/password.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { KioskScreen } from './kiosk-screen.ts'

export interface KioskFaceOptions {
  readonly request: SessionRequest
  readonly screen: KioskScreen
  /** What has to be shown isn't any more: the session can't go on. */
  readonly onLost: (why: string) => void
}

/** What one session shows on the kiosk's own screen: its password and who is at work, each only where the policy wants it. */
export class KioskFace {
  readonly #options: KioskFaceOptions

  constructor(options: KioskFaceOptions) {
    this.#options = options
  }

  /** Rejects where it can't be read. */
  password(password: string, untilMs: number): Promise<void> {
    return this.#show({ phase: 'password', password: groupedPassword(password), untilMs })
  }

  /** The password is used: it goes from the screen at once. */
  async serviced(sinceMs: number): Promise<void> {
    if (this.#hasCover) await this.#show({ phase: 'serviced', sinceMs })
    else await this.clear()
  }

  async lingering(untilMs: number): Promise<void> {
    if (this.#hasCover) await this.#show({ phase: 'lingering', untilMs })
  }

  /** Resolves when nothing is shown any more. Idempotent. */
  clear(): Promise<void> {
    return this.#options.screen.clear()
  }

  get #hasCover(): boolean {
    return this.#options.request.unattended?.maintenanceScreen ?? false
  }

  #show(kiosk: Parameters<KioskScreen['show']>[1]): Promise<void> {
    const { request, screen, onLost } = this.#options
    return screen.show(request, kiosk, onLost)
  }
}
