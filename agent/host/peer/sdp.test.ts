import { describe, expect, it } from 'vitest'
import { preferVideoCodec, videoCodecsIn, withBitrateHints } from './sdp.ts'

const sdp = [
  'v=0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
  'a=rtpmap:96 VP9/90000',
  'a=fmtp:96 profile-id=0;x-google-start-bitrate=1',
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:98 VP8/90000',
  '',
].join('\r\n')

describe('descriptions', () => {
  it('puts the preferred codec first and drops none', () => {
    expect(preferVideoCodec(sdp, 'VP8')).toContain('m=video 9 UDP/TLS/RTP/SAVPF 98 96 97\r\n')
    expect(preferVideoCodec(sdp, 'AV1')).toBe(sdp)
    expect(videoCodecsIn(sdp)).toEqual(['VP8', 'VP9'])
  })

  it('gives every video codec its bitrate, once, whatever the other side said', () => {
    const hinted = withBitrateHints(sdp, { startKbps: 6000, maxKbps: 20000 })
    const hint = 'x-google-start-bitrate=6000;x-google-max-bitrate=20000'
    expect(hinted).toContain(`a=fmtp:96 profile-id=0;${hint}\r\n`)
    expect(hinted).toContain('a=fmtp:97 apt=96\r\n')
    expect(hinted).toContain(`a=rtpmap:98 VP8/90000\r\na=fmtp:98 ${hint}\r\n`)
    expect(withBitrateHints(hinted, { startKbps: 6000, maxKbps: 20000 })).toBe(hinted)
  })
})
