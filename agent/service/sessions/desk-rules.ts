import type { EndCause } from '#protocol/session/reasons.ts'
import type { UnaskedCause, UnaskedRules } from '#protocol/session/unasked.ts'
import type { DeskState } from '../../platform/platform.ts'

/** How a session begins: somebody is asked, it begins without an answer, or it doesn't. */
export type Beginning =
  | { readonly how: 'ask' }
  | { readonly how: 'unasked'; readonly cause: UnaskedCause }
  | { readonly how: 'refuse'; readonly cause: Extract<EndCause, 'nobody-signed-in' | 'screen-locked'> }

/** What a look at the desk means for a session that lives. */
type Standing = 'goes-on' | 'rests' | 'signed-out' | 'signed-in'

const ASK: Beginning = { how: 'ask' }

/**
 * What happens where nobody could answer, or needn't. The relay's rules count only as far as the device's own configuration names the same cause; without
 * both halves somebody is asked or nothing begins.
 */
export class DeskRules {
  readonly #rules: UnaskedRules
  readonly #isPermitted: (cause: UnaskedCause) => boolean
  #hasSeenSomebody = false

  constructor(rules: UnaskedRules, permitted: readonly UnaskedCause[]) {
    this.#rules = rules
    this.#isPermitted = cause => permitted.includes(cause)
  }

  /** Whether how it begins depends on who is at the desk: then the first look is waited for. */
  get wantsLook(): boolean {
    return Object.keys(this.#rules).length > 0
  }

  begin(desk: DeskState): Beginning {
    const { skipConsent, nobodySignedIn } = this.#rules
    if (desk === 'nobody') return this.#unless('nobody-signed-in', nobodySignedIn !== undefined)
    if (desk === 'locked')
      return this.mayWaitForUnlock ? ASK : this.#unless('screen-locked', this.#rules.screenLocked === 'allow')
    return skipConsent && this.#isPermitted('skip-consent') ? { how: 'unasked', cause: 'skip-consent' } : ASK
  }

  /** A question may stand on a locked screen for somebody who unlocks it. */
  get mayWaitForUnlock(): boolean {
    return this.#rules.screenLocked === 'wait'
  }

  get mayGoOnLocked(): boolean {
    return this.#rules.screenLocked === 'allow' && this.#isPermitted('screen-locked')
  }

  /** `begun`: why nobody was asked; undefined where somebody was. */
  standing(desk: DeskState, begun: UnaskedCause | undefined): Standing {
    const isEmptyOne = begun === 'nobody-signed-in' && !this.#hasSeenSomebody
    if (desk === 'nobody') return isEmptyOne ? 'goes-on' : 'signed-out'
    if (desk === 'present' && isEmptyOne && this.#rules.nobodySignedIn === 'login-screen') return 'signed-in'
    if (desk !== 'unknown') this.#hasSeenSomebody = true
    return desk === 'locked' && !this.mayGoOnLocked ? 'rests' : 'goes-on'
  }

  #unless(cause: 'nobody-signed-in' | 'screen-locked', isAllowed: boolean): Beginning {
    return isAllowed && this.#isPermitted(cause) ? { how: 'unasked', cause } : { how: 'refuse', cause }
  }
}
