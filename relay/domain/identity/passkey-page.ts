import type { PasskeyProof } from '#protocol/identity-http.ts'
import { type BegunFlow, type BrowserFlows, flowFailed } from './browser-flows.ts'
import type { Origin } from './origin.ts'
import type { Passkeys } from './passkeys.ts'
import type { SignIn } from './sign-in.ts'

export interface PasskeyPageParts {
  readonly flows: BrowserFlows
  readonly passkeys: Passkeys
  readonly signIn: SignIn
  readonly publicUrl: () => URL
}

/** Signing an app in with a passkey. It belongs to the relay's address, so a page of the relay's asks for it, in the system's browser. */
export class PasskeyPage {
  readonly #parts: PasskeyPageParts

  constructor(parts: PasskeyPageParts) {
    this.#parts = parts
  }

  /** Where the browser goes. What counts stands behind the `#`, which no browser sends to anybody. */
  async start(): Promise<BegunFlow & { readonly url: string }> {
    const { flows, publicUrl } = this.#parts
    const state = flows.newState()
    const begun = await flows.begin(state, null, '')
    return { ...begun, url: new URL(`/sign-in#${state}`, publicUrl()).href }
  }

  /** The page has an answer of a passkey. Returns the code to show. Throws `sso-failed`, `sign-in-failed` or `rate-limited`. */
  complete(state: string, proof: PasskeyProof, origin: Origin): Promise<{ code: string; email: string }> {
    const { flows, passkeys, signIn } = this.#parts
    return signIn.counted(null, origin, async () => {
      const flow = await flows.waiting(state)
      if (!flow || flow.organisationId !== null) throw flowFailed()
      const { person, use } = await passkeys.check(proof)
      const done = await flows.complete(flow, person, state, use)
      if (!done) throw flowFailed()
      return done
    })
  }
}
