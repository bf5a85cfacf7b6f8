/** Browsers offer passkeys to pages that came encrypted, or from the machine itself. */
export const canUsePasskeys = (): boolean =>
  window.isSecureContext &&
  typeof PublicKeyCredential === 'function' &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential

export const newPasskey = (options: PublicKeyCredentialCreationOptionsJSON) =>
  json(navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }))

export const passkeyAnswer = (options: PublicKeyCredentialRequestOptionsJSON) =>
  json(navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }))

async function json(asked: Promise<Credential | null>): Promise<unknown> {
  const credential = await asked.catch(() => null)
  if (credential instanceof PublicKeyCredential) return credential.toJSON()
  throw new Error('No passkey was used. Try again, and confirm it on your device.')
}
