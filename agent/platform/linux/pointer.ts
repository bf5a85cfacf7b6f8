import { PlatformError, type PointerPosition } from '../platform.ts'
import type { XConnection } from './connection.ts'

/** Where the pointer is needn't be known more often. */
const LOOK_AGAIN_MS = 33

/**
 * Tells where the pointer went, from XInput2's raw motion. The server is asked for one event at a time: while a mouse that reports a thousand times a second
 * moves, this process wakes thirty times, and never while it rests. What a program does by warping the pointer shows with the next movement.
 * @throws PlatformError `extension-missing` or `display-lost`
 */
export async function watchPointer(
  connection: XConnection,
  signal: AbortSignal,
  onPosition: (position: PointerPosition) => void,
): Promise<void> {
  if (signal.aborted) return
  const xinput = await connection.extension('xinput')
  if (!xinput.xi2) throw noXInput2(connection)
  const { client, screen } = connection
  const select = (mask: readonly string[]) =>
    connection.tell(() => xinput.XISelectEvents(screen.root, { deviceId: xinput.AllMasterDevices, mask }))
  const ask = () =>
    connection.ask<{ rootX: number; rootY: number }>(answer => client.QueryPointer(screen.root, answer as never))

  const ended = Promise.withResolvers<void>()
  let last = await ask()
  let timer: NodeJS.Timeout | undefined
  let isLooking = false
  let isStale = false

  /** Whether the pointer is elsewhere. */
  const look = async (): Promise<boolean> => {
    isLooking = true
    let now = last
    do {
      isStale = false
      now = await ask()
    } while (isStale && !signal.aborted)
    isLooking = false
    if (signal.aborted || (now.rootX === last.rootX && now.rootY === last.rootY)) return false
    last = now
    onPosition({ x: now.rootX, y: now.rootY })
    return true
  }
  const rest = () => {
    if (signal.aborted) return
    select([])
    timer = setTimeout(() => {
      timer = undefined
      // Selected before it is asked: a movement in between is either in the answer or an event.
      select(['RawMotion'])
      look().then(hasMoved => hasMoved && rest(), ended.reject)
    }, LOOK_AGAIN_MS)
  }
  const handleMotion = () => {
    if (timer) return
    isStale = true
    // A mouse that is pushed against the edge reports motion too.
    if (!isLooking) look().then(rest, ended.reject)
  }

  const handleAbort = () => ended.resolve()
  const stopListening = connection.onEvent('XIRawMotion', handleMotion)
  const stopLost = connection.onLost(ended.reject)
  signal.addEventListener('abort', handleAbort)
  select(['RawMotion'])
  if (signal.aborted) ended.resolve()
  try {
    await ended.promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', handleAbort)
    stopListening()
    stopLost()
    select([])
  }
}

function noXInput2(connection: XConnection): PlatformError {
  return new PlatformError(
    'extension-missing',
    `The X server at ${connection.address} offers only version 1 of XInput.`,
  )
}
