import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { WebAuthn } from '../domain/identity/passkeys.ts'

const TIMEOUT_MS = 5 * 60_000

/**
 * Ed25519, ES256 and RS256 in COSE's numbers. SimpleWebAuthn would ask for ML-DSA first, which Node calls experimental and whose signatures are larger than
 * an answer may be.
 */
const ALGORITHMS = [-8, -7, -257]

/**
 * WebAuthn by SimpleWebAuthn. The relay's public address is the relying party: a passkey answers there and nowhere else. The authenticator must have
 * checked the person (PIN, finger, face), so a passkey is two factors by itself.
 */
export function createWebAuthn(publicUrl: () => URL): WebAuthn {
  const expected = (challenge: string) => ({
    expectedChallenge: challenge,
    expectedOrigin: publicUrl().origin,
    expectedRPID: publicUrl().hostname,
    requireUserVerification: true,
  })
  return {
    registrationOptions: (user, known, challenge) =>
      generateRegistrationOptions({
        rpName: 'Handhold',
        rpID: publicUrl().hostname,
        userID: new Uint8Array(Buffer.from(user.id)),
        userName: user.email,
        userDisplayName: user.name,
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        timeout: TIMEOUT_MS,
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    signInOptions: challenge =>
      generateAuthenticationOptions({
        rpID: publicUrl().hostname,
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        timeout: TIMEOUT_MS,
        userVerification: 'required',
      }),
    async register(credential, challenge) {
      const response: RegistrationResponseJSON = {
        ...credential,
        clientExtensionResults: {},
        response: { ...credential.response, transports: [] },
      }
      const result = await orNull(
        verifyRegistrationResponse({ response, ...expected(challenge), supportedAlgorithmIDs: ALGORITHMS }),
      )
      if (!result?.verified) return null
      const { id, publicKey, counter } = result.registrationInfo.credential
      return {
        credentialId: id,
        publicKey: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: credential.response.transports ?? [],
      }
    },
    async verify({ id, rawId, type, response }, challenge, passkey) {
      const { clientDataJSON, authenticatorData, signature } = response
      const answer: AuthenticationResponseJSON = {
        id,
        rawId,
        type,
        clientExtensionResults: {},
        response: { clientDataJSON, authenticatorData, signature },
      }
      const credential = {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
      }
      const result = await orNull(
        verifyAuthenticationResponse({ response: answer, credential, ...expected(challenge) }),
      )
      return result?.verified ? result.authenticationInfo.newCounter : null
    },
  }
}

/** The library throws for what a stranger sent; to the caller that is a "no" like every other. */
const orNull = <T>(work: Promise<T>): Promise<T | null> => work.catch(() => null)
