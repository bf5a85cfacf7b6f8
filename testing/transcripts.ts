import { randomBytes } from 'node:crypto'
import { type ProofClaims, signProof } from '#protocol/proof.ts'
import { fingerprintIn } from '#protocol/trust/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { SessionView } from '#protocol/wire/views.ts'
import type { TestKey } from './keys.ts'
import type { OperatorSocket } from './relay.ts'

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

/** Passes on what an honest operator's peer signals in a session that was granted, and after its answer the transcript of the connection. */
export function signalAndProve(operator: OperatorSocket, key: TestKey, session: SessionView) {
  const { id: sessionId, deviceId, agentNonce, state } = session
  if (state.name !== 'granted' || !agentNonce) throw new Error(`the session is ${state.name}`)
  const send = (signal: Signal) => operator.request({ type: 'session.signal', sessionId, signal })
  return async (signal: Signal): Promise<void> => {
    await send(signal)
    if (signal.kind !== 'answer') return
    const { signal: offer } = await operator.waitFor(
      'session.signal',
      message => message.sessionId === sessionId && message.signal.kind === 'offer',
    )
    const subject = { sessionId, deviceId, agentNonce, scopes: state.scopes, untilMs: state.untilMs }
    const sdps = { offer: offer.kind === 'offer' ? offer.sdp : '', answer: signal.sdp }
    await send({ kind: 'transcript', transcript: await signOperatorTranscript(key, subject, sdps) })
  }
}
