import type { TilesProblem } from '#protocol/peer/tiles.ts'

/** Page → worker. */
export type ToScreenWorker =
  | { readonly type: 'canvas'; readonly canvas: OffscreenCanvas }
  | { readonly type: 'channel'; readonly channel: RTCDataChannel }
  /** The device is proven: what its channel brought before was not looked at. */
  | { readonly type: 'trust' }
  /** The frames of the video track; the processor's own stream. */
  | { readonly type: 'frames'; readonly frames: ReadableStream<VideoFrame> }
  /** One frame, where the browser has no processor. */
  | { readonly type: 'frame'; readonly frame: VideoFrame }

/** What the worker has done so far. */
export interface ScreenCounters {
  /** Pictures drawn to the canvas, from either way. */
  readonly frames: number
  /** Bytes that came on `tiles`. */
  readonly tileBytes: number
  /** Of the newest picture, epoch milliseconds; 0 before the first. */
  readonly drawnAtMs: number
}

/** Worker → page. */
export type FromScreenWorker =
  | { readonly type: 'size'; readonly width: number; readonly height: number }
  /** Something of the device stands on the canvas since `atMs`, epoch milliseconds. Once. */
  | { readonly type: 'first-picture'; readonly atMs: number }
  | { readonly type: 'counters'; readonly counters: ScreenCounters }
  /** The device's bytes can't be read; its channel is closed. */
  | { readonly type: 'unreadable'; readonly problem: TilesProblem }
