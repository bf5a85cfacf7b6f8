/** libwebrtc starts at 300 kbit/s and needs seconds to sharpen a 1080p screen unless the description that it applies says otherwise. */
export interface BitrateHints {
  readonly startKbps: number
  readonly maxKbps: number
}

/** The codecs that the addon encodes. H.264 depends on the build and is left out. */
export const VIDEO_CODECS = ['VP8', 'VP9', 'AV1'] as const
export type VideoCodec = (typeof VIDEO_CODECS)[number]

const VIDEO_CODEC = /^a=rtpmap:(\d+) (?:VP8|VP9|H264|AV1)\/90000/i

/** Those of `VIDEO_CODECS` that a description has. */
export const videoCodecsIn = (sdp: string): VideoCodec[] =>
  VIDEO_CODECS.filter(codec => new RegExp(`^a=rtpmap:\\d+ ${codec}/90000`, 'im').test(sdp))

/** Puts `codec` first in every video section: of an offer, so that the answer takes it when the other side can; of an answer, so that the sender does. */
export function preferVideoCodec(sdp: string, codec: VideoCodec): string {
  const lines = sdp.split('\r\n')
  const rtpmap = new RegExp(`^a=rtpmap:(\\d+) ${codec}/90000`, 'i')
  const preferred = lines.flatMap(line => rtpmap.exec(line)?.[1] ?? [])
  return lines.map(line => (line.startsWith('m=video ') ? reorder(line, preferred) : line)).join('\r\n')
}

function reorder(mediaLine: string, preferred: readonly string[]): string {
  const [media, port, protocol, ...payloads] = mediaLine.split(' ')
  const others = payloads.filter(payload => !preferred.includes(payload))
  return [media, port, protocol, ...preferred.filter(payload => payloads.includes(payload)), ...others].join(' ')
}

/** Adds the start and top bitrate to each video codec of a remote description; whatever it said about them itself is dropped. */
export function withBitrateHints(sdp: string, hints: BitrateHints): string {
  const lines = sdp.split('\r\n')
  const codecs = new Set(lines.flatMap(line => VIDEO_CODEC.exec(line)?.[1] ?? []))
  const hint = `x-google-start-bitrate=${hints.startKbps};x-google-max-bitrate=${hints.maxKbps}`
  const withFormat = new Set<string>()
  const hinted = lines.map(line => {
    const format = /^a=fmtp:(\d+) (.*)$/.exec(line)
    const payload = format?.[1]
    if (!payload || !codecs.has(payload)) return line
    withFormat.add(payload)
    const own = (format[2] ?? '').split(';').filter(part => part !== '' && !part.trim().startsWith('x-google-'))
    return `a=fmtp:${payload} ${[...own, hint].join(';')}`
  })
  return hinted
    .flatMap(line => {
      const payload = VIDEO_CODEC.exec(line)?.[1]
      return payload && !withFormat.has(payload) ? [line, `a=fmtp:${payload} ${hint}`] : [line]
    })
    .join('\r\n')
}
