import { encodeSeen } from '#protocol/peer/tiles.ts'
import { Acknowledger } from './acknowledger.ts'
import type { FromScreenWorker, ScreenCounters, ToScreenWorker } from './messages.ts'
import { MotionReader } from './motion-reader.ts'
import { Painter } from './painter.ts'
import { TilesReader } from './tiles-reader.ts'

/** The worker behind one connection's canvas: bytes and video frames in, pixels out. The page only hears what it says about them. */

const COUNTERS_EVERY_MS = 250
/** A window that isn't shown gets no animation frames, and still has to acknowledge. */
const HIDDEN_FRAME_MS = 250

const scope = self as unknown as DedicatedWorkerGlobalScope
const tell = (message: FromScreenWorker) => scope.postMessage(message)
const after = (delayMs: number, act: () => void) => {
  const timer = setTimeout(act, delayMs)
  return () => clearTimeout(timer)
}

let counters: ScreenCounters = { frames: 0, tileBytes: 0, drawnAtMs: 0 }
let isCounting = false
let hasFirstPicture = false
let isTrusted = false
let painter: Painter | undefined
let acknowledger: Acknowledger | undefined
let channel: RTCDataChannel | undefined
let undrawn = { sequence: 0, bytes: 0, frames: 0 }

const motion = new MotionReader({
  picture: () => painter?.picture,
  onSeen: frameNumber => {
    if (channel?.readyState === 'open') channel.send(encodeSeen(frameNumber))
  },
  onPicture: picture => {
    if (painter) painter.show(picture)
    else picture.close()
  },
})

function openCanvas(canvas: OffscreenCanvas): void {
  painter = new Painter({
    canvas,
    nextFrame,
    onSize: (width, height) => tell({ type: 'size', width, height }),
    onDrawn: handleDrawn,
  })
}

function openChannel(opened: RTCDataChannel): void {
  channel = opened
  opened.binaryType = 'arraybuffer'
  const acknowledges = new Acknowledger({
    after,
    send: message => {
      if (opened.readyState === 'open') opened.send(message)
    },
  })
  acknowledger = acknowledges
  const reader = new TilesReader({
    onFrame: (body, { sequence, bytes }) => {
      undrawn = { sequence, bytes: undrawn.bytes + bytes, frames: undrawn.frames + 1 }
      painter?.apply(body)
    },
    onProblem: problem => {
      acknowledges.close()
      opened.close()
      tell({ type: 'unreadable', problem })
    },
  })
  opened.onmessage = event => isTrusted && reader.handleMessage(event.data)
  opened.onclose = () => {
    reader.close()
    acknowledges.close()
  }
}

function handleDrawn(): void {
  const { sequence, bytes, frames } = undrawn
  undrawn = { sequence, bytes: 0, frames: 0 }
  if (frames > 0) acknowledger?.handleDrawn(sequence, bytes)
  const drawnAtMs = performance.timeOrigin + performance.now()
  counters = { frames: counters.frames + 1, tileBytes: counters.tileBytes + bytes, drawnAtMs }
  if (!hasFirstPicture && painter?.isPainted) {
    hasFirstPicture = true
    tell({ type: 'first-picture', atMs: Math.round(drawnAtMs) })
  }
  if (isCounting) return
  isCounting = true
  after(COUNTERS_EVERY_MS, () => {
    isCounting = false
    tell({ type: 'counters', counters })
  })
}

function nextFrame(act: () => void): void {
  let isDone = false
  const once = () => {
    if (isDone) return
    isDone = true
    cancel()
    act()
  }
  const cancel = after(HIDDEN_FRAME_MS, once)
  scope.requestAnimationFrame(once)
}

scope.onmessage = ({ data }: MessageEvent<ToScreenWorker>) => {
  switch (data.type) {
    case 'canvas':
      openCanvas(data.canvas)
      break
    case 'channel':
      openChannel(data.channel)
      break
    case 'trust':
      isTrusted = true
      break
    case 'frames':
      motion.read(data.frames).catch(() => undefined)
      break
    case 'frame':
      motion.handleFrame(data.frame)
      break
  }
}
