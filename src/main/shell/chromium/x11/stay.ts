import type { Rectangle, XConnection } from './connection.ts'
import { keepAbove } from './window.ts'

const VIEWABLE = 2
const LOOK_AGAIN_MS = 100
/** A window manager that keeps a panel of its own free has its way after so many tries in a row. */
const TRIES_MAX = 5

export interface StayingWindow {
  /** It belongs there from now on. */
  belongsAt(place: Rectangle): void
}

/**
 * Keeps `window` above every other and, once it belongs somewhere, there: it is put back when somebody moves it, changes its size or hides it. `onUnseen` hears when
 * it can't be seen whole all the same, and when it can again.
 */
export async function keepInFront(
  connection: XConnection,
  window: number,
  onUnseen: (isUnseen: boolean) => void,
): Promise<StayingWindow> {
  const unseen = new Set<'covered' | 'away'>()
  const see = (why: 'covered' | 'away') => (isSo: boolean) => {
    if (isSo) unseen.add(why)
    else unseen.delete(why)
    onUnseen(unseen.size > 0)
  }
  const staying = keepInPlace(connection, window, see('away'))
  await keepAbove(connection, window, see('covered'))
  return staying
}

function keepInPlace(connection: XConnection, window: number, onAway: (isAway: boolean) => void): StayingWindow {
  const { client, root } = connection
  let place: Rectangle | undefined
  let tries = 0
  let timer: NodeJS.Timeout | undefined
  const lookSoon = (delayMs: number) => {
    timer ??= setTimeout(() => {
      timer = undefined
      // A window that is gone is told by others.
      look().catch(() => undefined)
    }, delayMs)
    timer.unref()
  }
  const look = async () => {
    const [now, screen] = await Promise.all([standingOf(connection, window), sizeOf(connection, root)])
    if (!place) return
    onAway(!now.isShown || !isWithin(now, screen))
    if (now.isShown && isSame(now, place)) {
      tries = 0
      return
    }
    if (!now.isShown) client.MapWindow(window)
    else if (tries++ < TRIES_MAX || !isWithin(now, screen))
      client.MoveResizeWindow(window, place.x, place.y, place.width, place.height)
    else {
      place = now
      tries = 0
      return
    }
    lookSoon(LOOK_AGAIN_MS)
  }
  client.on('event', event => {
    // A move is told to the window by its window manager, whichever of the two ids it has here.
    const isOurs = event.wid === window || event.wid1 === window
    if (isOurs && (event.name === 'UnmapNotify' || event.name === 'MapNotify' || event.name === 'ConfigureNotify'))
      lookSoon(0)
  })
  return {
    belongsAt(next) {
      place = next
      tries = 0
      lookSoon(LOOK_AGAIN_MS)
    },
  }
}

async function standingOf(connection: XConnection, window: number): Promise<Rectangle & { readonly isShown: boolean }> {
  const { client, root, ask } = connection
  const [{ mapState }, { destX: x, destY: y }, size] = await Promise.all([
    ask<{ mapState: number }>(answer => client.GetWindowAttributes(window, answer)),
    ask<{ destX: number; destY: number }>(answer => client.TranslateCoordinates(window, root, 0, 0, answer)),
    sizeOf(connection, window),
  ])
  return { x, y, ...size, isShown: mapState === VIEWABLE }
}

async function sizeOf({ client, ask }: XConnection, drawable: number) {
  const { width, height } = await ask<{ width: number; height: number }>(answer => client.GetGeometry(drawable, answer))
  return { width, height }
}

const isWithin = ({ x, y, width, height }: Rectangle, screen: { readonly width: number; readonly height: number }) =>
  x >= 0 && y >= 0 && x + width <= screen.width && y + height <= screen.height

const isSame = (a: Rectangle, b: Rectangle) =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
