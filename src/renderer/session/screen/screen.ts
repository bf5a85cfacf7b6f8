import type { TilesProblem } from '#protocol/peer/tiles.ts'
import { Emitter } from '../emitter.ts'
import type { Size } from '../geometry.ts'
import type { FromScreenWorker, ScreenCounters, ToScreenWorker } from './messages.ts'
import { openScreenWorker } from './open-worker.ts'
import { sendVideoFrames } from './video-frames.ts'

export interface ScreenEvents {
  /** The picture's size in the device's pixels. */
  size: Size
  /** Something of the device stands on the canvas. Once. */
  picture: { atMs: number }
  unreadable: TilesProblem
}

/** One connection's picture. Everything is safe after close and then does nothing. */
export interface Screen {
  readonly events: Emitter<ScreenEvents>
  /** The one element that shows the picture; whoever shows the connection puts it into its view. */
  readonly canvas: HTMLCanvasElement
  readonly counters: ScreenCounters
  /** Takes the channel away from the page: it must not have been listened to yet. */
  takeChannel(channel: RTCDataChannel): void
  takeTrack(track: MediaStreamTrack): void
  /** The device is proven: from now on its bytes are read. Before anything is asked of it. */
  trust(): void
  /** Idempotent. The canvas keeps what it showed last. */
  close(): void
}

/** The picture is made in a worker, so that nothing that the window does holds it up. */
export function openScreen(): Screen {
  const events = new Emitter<ScreenEvents>()
  const worker = openScreenWorker()
  const canvas = document.createElement('canvas')
  canvas.dataset.testid = 'picture'
  const closing = new AbortController()
  let counters: ScreenCounters = { frames: 0, tileBytes: 0, drawnAtMs: 0 }
  const send = (message: ToScreenWorker, ...transferred: Transferable[]) => {
    if (!closing.signal.aborted) worker.postMessage(message, transferred)
  }
  const offscreen = canvas.transferControlToOffscreen()
  send({ type: 'canvas', canvas: offscreen }, offscreen)

  worker.onmessage = ({ data }: MessageEvent<FromScreenWorker>) => {
    switch (data.type) {
      case 'size':
        events.emit('size', { width: data.width, height: data.height })
        break
      case 'first-picture':
        canvas.dataset.firstFrameMs = String(data.atMs)
        events.emit('picture', { atMs: data.atMs })
        break
      case 'counters':
        counters = data.counters
        break
      case 'unreadable':
        events.emit('unreadable', data.problem)
        break
    }
  }

  return {
    events,
    canvas,
    get counters() {
      return counters
    },
    takeChannel: channel => send({ type: 'channel', channel }, channel as unknown as Transferable),
    trust: () => send({ type: 'trust' }),
    takeTrack: track => {
      if (!closing.signal.aborted) sendVideoFrames(track, worker, closing.signal)
    },
    close() {
      closing.abort()
      worker.terminate()
      events.clear()
    },
  }
}
