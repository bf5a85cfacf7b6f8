import { randomBytes } from 'node:crypto'
import { type ProofClaims, signProof } from '#protocol/proof.ts'
import { fingerprintIn } from '#protocol/trust/transcript.ts'
import type { TestKey } from './keys.ts'

type Subject = Pick<ProofClaims<'transcript'>, 'sessionId' | 'deviceId' | 'agentNonce' | 'scopes' | 'untilMs'>

/** What an honest operator app signs for a connection that was made by these two descriptions. */
export const signOperatorTranscript = (
  key: TestKey,
  subject: Subject,
  { offer, answer }: { readonly offer: string; readonly answer: string },
): Promise<string> =>
  signProof(
    'transcript',
    {
      role: 'operator',
      ...subject,
      fingerprint: fingerprintIn(answer),
      peerFingerprint: fingerprintIn(offer),
      operatorNonce: randomBytes(32).toString('base64url'),
    },
    key.privateKey,
    key.publicKey,
  )
