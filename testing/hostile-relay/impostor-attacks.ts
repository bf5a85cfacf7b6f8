import { randomBytes } from 'node:crypto'
import { fingerprintIn } from '#protocol/trust/transcript.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { makeTestKey } from '../keys.ts'
import type { Recording } from './recording.ts'
import { type Attack, forgeTranscript, type HostileSession } from './session.ts'

type Prove = (session: HostileSession, answer: string, offer: string) => Promise<string | undefined>

/** The device's answer comes from a peer of the relay's; the operator's own words are kept from it. */
const answersDevice = (name: string, prove: Prove): Attack => ({
  name: `answers the device itself and ${name}`,
  toDevice: () => [],
  toOperator: async (signal, session) => {
    const [impostor = session.answerDevice(prove)] = session.impostors
    if (signal.kind !== 'transcript') await impostor.handleSignal(signal)
    return [signal]
  },
})

/** A peer of the relay's on either side: the two ends never speak to each other. */
const standsBetween = (
  name: string,
  prove: (transcript: string, session: HostileSession) => Promise<void>,
): Attack => ({
  name: `stands between the two with peers of its own and ${name}`,
  toOperator: async (signal, session) => {
    if (signal.kind === 'transcript') return [signal]
    session.offerOperator()
    const [impostor = session.answerDevice(async () => undefined)] = session.impostors
    await impostor.handleSignal(signal)
    return []
  },
  toDevice: async (signal, session) => {
    if (signal.kind === 'transcript') await prove(signal.transcript, session)
    else session.offerOperator().handleSignal(signal)
    return []
  },
})

const device = (transcript: string): Signal => ({ kind: 'transcript', transcript })

/** What the operator of a connection with these two descriptions signs. */
export async function claimsOf(session: HostileSession, answer: string, offer: string) {
  const { agentNonce, untilMs } = await session.granted()
  return {
    role: 'operator' as const,
    sessionId: session.sessionId,
    deviceId: session.rig.relay.deviceId,
    fingerprint: fingerprintIn(answer),
    peerFingerprint: fingerprintIn(offer),
    agentNonce,
    operatorNonce: randomBytes(32).toString('base64url'),
    scopes: session.scopes,
    untilMs,
  }
}

/** What a relay can do that has a WebRTC peer of its own. */
export const impostorAttacks = (recorded: Recording): readonly Attack[] => [
  answersDevice('proves nothing', async () => undefined),
  answersDevice('replays an earlier transcript', async () => recorded.operatorTranscript),
  answersDevice('signs with a key of its own', async (session, answer, offer) =>
    forgeTranscript(await makeTestKey(), await claimsOf(session, answer, offer)),
  ),
  // The operator's app proves its own connection with the device, which the relay lets it have the signals of.
  answersDevice('passes on the operator’s transcript', session => session.operatorTranscript()),
  standsBetween('proves nothing', async () => undefined),
  standsBetween('replays an earlier transcript', async (_, session) =>
    session.toOperator(device(recorded.deviceTranscript ?? '')),
  ),
  standsBetween('sends the operator’s transcript back', async (transcript, session) =>
    session.toOperator(device(transcript)),
  ),
  standsBetween('passes the transcripts on', async (transcript, session) =>
    session.toDevice({ kind: 'transcript', transcript }),
  ),
  standsBetween('signs each side’s with a key of its own', async (transcript, session) => {
    const claims = JSON.parse(Buffer.from(transcript.split('.')[1] ?? '', 'base64url').toString())
    const turned = {
      ...claims,
      role: 'device',
      fingerprint: claims.peerFingerprint,
      peerFingerprint: claims.fingerprint,
    }
    await session.toOperator(device(await forgeTranscript(await makeTestKey(), turned)))
  }),
]
