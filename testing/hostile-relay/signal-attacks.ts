import type { Signal } from '#protocol/wire/signal.ts'
import { makeTestKey } from '../keys.ts'
import type { Recording } from './recording.ts'
import { type Attack, forgeTranscript, type HostileSession } from './session.ts'

const OTHER = Array.from({ length: 32 }, () => 'AB').join(':')
const SHORT = Array.from({ length: 20 }, () => 'AB').join(':')

/** The same signal with another line for each fingerprint. */
const withFingerprint = (signal: Signal, change: (line: string) => string): Signal =>
  signal.kind === 'offer' || signal.kind === 'answer'
    ? { ...signal, sdp: signal.sdp.replace(/^a=fingerprint:.*\r\n/gm, change) }
    : signal

const FINGERPRINT_CHANGES: readonly { readonly name: string; readonly change: (line: string) => string }[] = [
  { name: 'swaps the fingerprint', change: () => `a=fingerprint:sha-256 ${OTHER}\r\n` },
  { name: 'adds a second fingerprint', change: line => `${line}a=fingerprint:sha-256 ${OTHER}\r\n` },
  { name: 'puts a second fingerprint first', change: line => `a=fingerprint:sha-256 ${OTHER}\r\n${line}` },
  { name: 'adds a weaker fingerprint', change: line => `${line}a=fingerprint:sha-1 ${SHORT}\r\n` },
  { name: 'takes the fingerprint out', change: () => '' },
]

const fingerprintAttacks: readonly Attack[] = FINGERPRINT_CHANGES.flatMap(({ name, change }) => {
  const pass = (signal: Signal) => [withFingerprint(signal, change)]
  return [
    { name: `${name} that the operator gets`, toOperator: pass },
    { name: `${name} that the device gets`, toDevice: pass },
    { name: `${name} that each of them gets`, toOperator: pass, toDevice: pass },
  ]
})

/** Something else instead of a transcript; what isn't one goes on as it is. */
const instead =
  (other: (transcript: string, session: HostileSession) => Promise<Signal[]>) =>
  async (signal: Signal, session: HostileSession): Promise<Signal[]> =>
    signal.kind === 'transcript' ? other(signal.transcript, session) : [signal]

const transcriptOf = (transcript: string | undefined): Signal[] => [
  { kind: 'transcript', transcript: transcript ?? '' },
]

const claimsIn = (transcript: string) => JSON.parse(Buffer.from(transcript.split('.')[1] ?? '', 'base64url').toString())

/** One character of the signed part is another one. */
const bent = (transcript: string): string => {
  const at = transcript.indexOf('.') + 20
  return `${transcript.slice(0, at)}${transcript[at] === 'A' ? 'B' : 'A'}${transcript.slice(at + 1)}`
}

/** The operator's transcript is answered by this instead of by the device. */
const answeredWith = (
  name: string,
  make: (transcript: string) => Promise<string | undefined> | string | undefined,
): Attack => ({
  name,
  toDevice: instead(async (transcript, session) => {
    for (const signal of transcriptOf(await make(transcript))) await session.toOperator(signal)
    return []
  }),
})

/** The proof comes first, and then an answer with another certificate than the proven one. */
const provesFirst = (): Attack => {
  let held: Signal | undefined
  return {
    name: 'sends the operator’s transcript before an answer that it has changed',
    toDevice: signal => {
      if (signal.kind === 'answer') held = signal
      if (signal.kind === 'transcript' && held)
        return [signal, withFingerprint(held, () => `a=fingerprint:sha-256 ${OTHER}\r\n`)]
      return signal.kind === 'answer' ? [] : [signal]
    },
  }
}

/** What a relay can do to the signals that pass through it. */
export const signalAttacks = (recorded: Recording): readonly Attack[] => [
  ...fingerprintAttacks,
  { name: 'drops the operator’s transcript', toDevice: instead(async () => []) },
  { name: 'drops the device’s transcript', toOperator: instead(async () => []) },
  { name: 'bends the operator’s transcript', toDevice: instead(async transcript => transcriptOf(bent(transcript))) },
  { name: 'bends the device’s transcript', toOperator: instead(async transcript => transcriptOf(bent(transcript))) },
  {
    name: 'replays the operator’s transcript of an earlier session',
    toDevice: instead(async () => transcriptOf(recorded.operatorTranscript)),
  },
  {
    name: 'signs the operator’s transcript with a key of its own',
    toDevice: instead(async transcript =>
      transcriptOf(await forgeTranscript(await makeTestKey(), claimsIn(transcript))),
    ),
  },
  answeredWith('replays the device’s transcript of an earlier session', () => recorded.deviceTranscript),
  answeredWith('sends the operator’s transcript back as the device’s', transcript => transcript),
  answeredWith('signs the device’s transcript with a key of its own', async transcript => {
    const claims = claimsIn(transcript)
    const { fingerprint, peerFingerprint } = claims
    const turned = { ...claims, role: 'device', fingerprint: peerFingerprint, peerFingerprint: fingerprint }
    return forgeTranscript(await makeTestKey(), turned)
  }),
  {
    name: 'replays the offer of an earlier session',
    toOperator: signal => (signal.kind === 'offer' ? [{ ...signal, sdp: recorded.offer ?? '' }] : [signal]),
  },
  provesFirst(),
]
