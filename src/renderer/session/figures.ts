/** What one reading of a connection's statistics says. Everything is undefined where the browser doesn't say it. */
export interface Figures {
  readonly framesPerSecond: number | undefined
  readonly bitsPerSecond: number | undefined
  readonly width: number | undefined
  readonly height: number | undefined
  readonly codec: string | undefined
  /** Mean time of one frame in the decoder, and from packet to decoder, since the last reading. */
  readonly decodeMs: number | undefined
  readonly jitterBufferMs: number | undefined
  readonly packetsLost: number | undefined
  readonly networkRoundTripMs: number | undefined
  readonly path: { readonly kind: 'host' | 'srflx' | 'prflx' | 'relay'; readonly protocol: string } | undefined
}

export interface Reading {
  readonly atMs: number
  readonly entries: readonly StatsEntry[]
}
/** One entry of an RTCStatsReport. The DOM library's types leave out most members, so they are read as what they are: unknown. */
export type StatsEntry = Readonly<Record<string, unknown>>

/** Compares two readings of one connection; `previous` is undefined for the first. */
export function figuresOf(previous: Reading | undefined, current: Reading): Figures {
  const video = inboundVideo(current)
  const before = previous && inboundVideo(previous)
  const elapsedS = previous ? (current.atMs - previous.atMs) / 1000 : 0
  const delta = (name: string) => difference(number(video, name), number(before, name))
  const perSecond = (amount: number | undefined) =>
    amount === undefined || elapsedS <= 0 ? undefined : amount / elapsedS
  const bytes = delta('bytesReceived')
  const pair = selectedPair(current)
  return {
    framesPerSecond: perSecond(delta('framesDecoded')),
    bitsPerSecond: perSecond(bytes === undefined ? undefined : bytes * 8),
    width: number(video, 'frameWidth'),
    height: number(video, 'frameHeight'),
    codec: codecName(find(current, text(video, 'codecId'))),
    decodeMs: meanMs(delta('totalDecodeTime'), delta('framesDecoded')),
    jitterBufferMs: meanMs(delta('jitterBufferDelay'), delta('jitterBufferEmittedCount')),
    packetsLost: number(video, 'packetsLost'),
    networkRoundTripMs: toMs(number(pair, 'currentRoundTripTime')),
    path: pathOf(find(current, text(pair, 'localCandidateId'))),
  }
}

const inboundVideo = (reading: Reading) =>
  reading.entries.find(entry => entry.type === 'inbound-rtp' && entry.kind === 'video')

function selectedPair(reading: Reading): StatsEntry | undefined {
  const transport = reading.entries.find(entry => entry.type === 'transport')
  return find(reading, text(transport, 'selectedCandidatePairId'))
}

const find = (reading: Reading, id: string | undefined) =>
  id === undefined ? undefined : reading.entries.find(entry => entry.id === id)

function pathOf(candidate: StatsEntry | undefined): Figures['path'] {
  const kind = text(candidate, 'candidateType')
  const protocol = text(candidate, 'relayProtocol') ?? text(candidate, 'protocol') ?? ''
  return kind === 'host' || kind === 'srflx' || kind === 'prflx' || kind === 'relay' ? { kind, protocol } : undefined
}

const codecName = (codec: StatsEntry | undefined) => text(codec, 'mimeType')?.replace(/^video\//, '')

const number = (entry: StatsEntry | undefined, name: string) => {
  const value = entry?.[name]
  return typeof value === 'number' ? value : undefined
}
const text = (entry: StatsEntry | undefined, name: string) => {
  const value = entry?.[name]
  return typeof value === 'string' ? value : undefined
}
// A new connection starts its counters again; a fall says nothing about the time between.
const difference = (now: number | undefined, before: number | undefined) =>
  now === undefined || before === undefined || now < before ? undefined : now - before
const meanMs = (seconds: number | undefined, count: number | undefined) =>
  seconds === undefined || !count ? undefined : (seconds / count) * 1000
const toMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000)
