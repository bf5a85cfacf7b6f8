import { ask } from './relay.ts'

/** Browsers offer passkeys to pages that came encrypted, or from the machine itself. */
export const canUsePasskeys = (): boolean =>
  window.isSecureContext &&
  typeof PublicKeyCredential === 'function' &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential

export const newPasskey = (options: PublicKeyCredentialCreationOptionsJSON) =>
  json(navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }))

const passkeyAnswer = (options: PublicKeyCredentialRequestOptionsJSON) =>
  json(navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }))

/** An answer of one of the person's passkeys to a new challenge of the relay's. */
export async function passkeyProof(): Promise<{ ticket: string; credential: unknown }> {
  const { ticket, options } = await ask<{ ticket: string; options: PublicKeyCredentialRequestOptionsJSON }>(
    'POST',
    '/v1/sign-in/passkey/options',
  )
  return { ticket, credential: await passkeyAnswer(options) }
}

async function json(asked: Promise<Credential | null>): Promise<unknown> {
  const credential = await asked.catch(() => null)
  if (credential instanceof PublicKeyCredential) return credential.toJSON()
  throw new Error('No passkey was used. Try again, and confirm it on your device.')
}
