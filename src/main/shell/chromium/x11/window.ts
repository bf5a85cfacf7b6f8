import { COVER_PROPERTY } from '#protocol/person/cover.ts'
import type { Rectangle, XConnection } from './connection.ts'

const VIEWABLE = 2
const UNOBSCURED = 0
const VISIBILITY_CHANGE = 0x10000
const STRUCTURE_NOTIFY = 0x20000
const SUBSTRUCTURE_NOTIFY = 0x80000
const SUBSTRUCTURE_REDIRECT = 0x100000
const ADD_STATE = 1
const FROM_APPLICATION = 1
const FRAME_DEPTH = 4
const FIND_TIMEOUT_MS = 5_000
/** Two windows that both want to be on top take turns at this pace instead of using up a processor. */
const RAISE_PAUSE_MS = 100
const MOTIF_DECORATIONS_FLAG = 2
const SIZE_HINTS_WORDS = 18
const MIN_SIZE_FLAG = 1 << 4

/** A window manager that speaks EWMH is running. */
export async function hasWindowManager(connection: XConnection): Promise<boolean> {
  const [check] = await connection.property(connection.root, '_NET_SUPPORTING_WM_CHECK')
  if (check === undefined) return false
  try {
    // A window manager that died leaves its mark behind; the window that it names is gone then.
    return (await connection.property(check, '_NET_SUPPORTING_WM_CHECK'))[0] === check
  } catch {
    return false
  }
}

/** The visible top window of the process `pid`. Waits until there is one; rejects after five seconds. */
export async function findWindow(connection: XConnection, pid: number): Promise<number> {
  const { client, root } = connection
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let isSearching = false
  let isStale = false
  const search = async () => {
    isStale = true
    if (isSearching) return
    isSearching = true
    while (isStale) {
      isStale = false
      const found = await findIn(connection, root, pid, FRAME_DEPTH)
      if (found !== undefined) resolve(found)
    }
    isSearching = false
  }
  client.on('event', ({ name }) => {
    if (name === 'MapNotify' || name === 'ReparentNotify') void search()
  })
  client.ChangeWindowAttributes(root, { eventMask: SUBSTRUCTURE_NOTIFY })
  const timer = setTimeout(() => reject(new Error('no window came up')), FIND_TIMEOUT_MS)
  void search()
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    client.ChangeWindowAttributes(root, { eventMask: 0 })
  }
}

async function findIn(
  connection: XConnection,
  window: number,
  pid: number,
  depth: number,
): Promise<number | undefined> {
  const { client, ask } = connection
  try {
    const { children } = await ask<{ children: readonly number[] }>(answer => client.QueryTree(window, answer))
    for (const child of children) {
      const { mapState } = await ask<{ mapState: number }>(answer => client.GetWindowAttributes(child, answer))
      if (mapState !== VIEWABLE) continue
      const [owner] = await connection.property(child, '_NET_WM_PID')
      if (owner === pid) return child
      const deeper = depth > 1 ? await findIn(connection, child, pid, depth - 1) : undefined
      if (deeper !== undefined) return deeper
    }
  } catch {
    // A window that went away while it was looked at.
  }
  return undefined
}

/**
 * Keeps `window` above every other for as long as the connection lives, with a window manager and without. A window that hides from the window manager can stay in
 * front all the same: `onCovered` hears when something does, and when nothing does any more.
 */
export async function keepAbove(
  connection: XConnection,
  window: number,
  onCovered: (isCovered: boolean) => void,
): Promise<void> {
  const { client, root } = connection
  if (await hasWindowManager(connection)) {
    const [state, above, sticky] = await Promise.all(
      ['_NET_WM_STATE', '_NET_WM_STATE_ABOVE', '_NET_WM_STATE_STICKY'].map(name => connection.atom(name)),
    )
    client.SendEvent(root, 0, SUBSTRUCTURE_NOTIFY | SUBSTRUCTURE_REDIRECT, {
      name: 'ClientMessage',
      type: 33,
      seq: 0,
      format: 32,
      wid: window,
      message_type: state,
      data: [ADD_STATE, above, sticky, FROM_APPLICATION, 0],
    })
  }
  let isPausing = false
  let isCovered = false
  const raise = () => {
    isCovered = true
    if (isPausing) return
    isPausing = true
    isCovered = false
    client.RaiseWindow(window)
    setTimeout(() => {
      isPausing = false
      if (isCovered) raise()
    }, RAISE_PAUSE_MS).unref()
  }
  client.on('event', event => {
    if (event.name !== 'VisibilityNotify' || event.wid !== window) return
    if (event.state === UNOBSCURED) isCovered = false
    else raise()
    onCovered(event.state !== UNOBSCURED)
  })
  client.ChangeWindowAttributes(window, { eventMask: VISIBILITY_CHANGE | STRUCTURE_NOTIFY })
  raise()
}

/** Makes `window` a bare rectangle of exactly these pixels: no frame, and no smallest size of the browser's. */
export async function makeBare(connection: XConnection, window: number, at: Rectangle): Promise<void> {
  const { client } = connection
  const motif = await connection.atom('_MOTIF_WM_HINTS')
  client.ChangeProperty(0, window, motif, motif, 32, [MOTIF_DECORATIONS_FLAG, 0, 0, 0, 0])
  const hints = [...(await connection.property(window, 'WM_NORMAL_HINTS'))]
  if (hints.length === SIZE_HINTS_WORDS && hints[0] !== undefined) {
    hints[0] &= ~MIN_SIZE_FLAG
    const [property, type] = await Promise.all(['WM_NORMAL_HINTS', 'WM_SIZE_HINTS'].map(name => connection.atom(name)))
    if (property !== undefined && type !== undefined) client.ChangeProperty(0, window, property, type, 32, hints)
  }
  client.MoveResizeWindow(window, at.x, at.y, at.width, at.height)
}

const CARDINAL = 6
const SHAPE_INPUT = 2
const POINTER_ROOT = 1

/**
 * Puts `window` over the whole screen, lets presses through to what lies beneath it, and marks it for the agent's own picture of the desktop, which leaves it
 * out. The keyboard goes where the pointer is: nobody types into a window that says only who is at work.
 */
export async function makeCover(connection: XConnection, window: number): Promise<void> {
  const { client, root } = connection
  const property = await connection.atom(COVER_PROPERTY)
  const { width, height } = await connection.ask<{ width: number; height: number }>(answer =>
    client.GetGeometry(root, answer),
  )
  await letPressesThrough(connection, window)
  client.ChangeProperty(0, window, property, CARDINAL, 32, [1])
  // Taken from the window manager: it would put a full-screen page that is clicked above whatever else it has. Its last deed is to hide the window.
  client.on('event', ({ name, wid }) => {
    if (name === 'UnmapNotify' && wid === window) client.MapWindow(window)
  })
  client.ChangeWindowAttributes(window, { overrideRedirect: 1, eventMask: VISIBILITY_CHANGE | STRUCTURE_NOTIFY })
  client.ReparentWindow(window, root, 0, 0)
  await makeBare(connection, window, { x: 0, y: 0, width, height })
  client.RaiseWindow(window)
  client.SetInputFocus(POINTER_ROOT, POINTER_ROOT)
}

/** No press lands in the window any more. Rejects where the server can't do that. */
export async function letPressesThrough(connection: XConnection, window: number): Promise<void> {
  const { client } = connection
  const fixes = await connection.extension('fixes')
  const nothing = client.AllocID()
  fixes.CreateRegion(nothing, [])
  fixes.SetWindowShapeRegion(window, SHAPE_INPUT, 0, 0, nothing)
}
