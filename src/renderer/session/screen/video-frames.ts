import type { ToScreenWorker } from './messages.ts'

/** Sends the track's frames to the worker until `signal` aborts. The track stays the caller's. */
export function sendVideoFrames(track: MediaStreamTrack, worker: Worker, signal: AbortSignal): void {
  const send = (message: ToScreenWorker, transferred: Transferable) => worker.postMessage(message, [transferred])
  if (typeof MediaStreamTrackProcessor === 'function') {
    // A frame that waits is an old one: the next takes its place.
    const { readable: frames } = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 })
    send({ type: 'frames', frames }, frames)
    return
  }
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = new MediaStream([track])
  const takeFrame = () => {
    if (signal.aborted) return
    const frame = new VideoFrame(video)
    send({ type: 'frame', frame }, frame)
    video.requestVideoFrameCallback(takeFrame)
  }
  video.requestVideoFrameCallback(takeFrame)
  video.play().catch(() => undefined)
  signal.addEventListener('abort', () => video.pause(), { once: true })
}
