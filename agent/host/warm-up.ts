import { compileKernel } from '../pixels/kernel-module.ts'
import { wrtc } from './peer/native.ts'
import { withQuietTimers } from './quiet-timers.ts'

/**
 * Does once, while the person reads the question, what the first connection and the first picture of a process would wait for: libwebrtc's threads and its first
 * certificate, and the kernel's compilation. Nothing is sent, and no socket of a network is opened: that begins with a description that is set.
 */
export async function warmUp(): Promise<void> {
  compileKernel()
  const connection = withQuietTimers(() => new wrtc.RTCPeerConnection({ iceServers: [], iceTransportPolicy: 'relay' }))
  connection.createDataChannel('warm-up', { ordered: true })
  await connection.createOffer().catch(() => undefined)
  connection.close()
}
