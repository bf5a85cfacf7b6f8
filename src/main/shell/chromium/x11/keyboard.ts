import type { XConnection } from './connection.ts'
import { hasWindowManager } from './window.ts'

const VIEWABLE = 2
const POINTER_ROOT = 1
const SUBSTRUCTURE_NOTIFY = 0x80000
const SUBSTRUCTURE_REDIRECT = 0x100000
/** As a pager does it: a window manager doesn't take it for a window that wants to come forward by itself. */
const FROM_PAGER = 2
/** What stands on a desktop and isn't worked in. */
const FURNITURE = ['DESKTOP', 'DOCK', 'SPLASH', 'NOTIFICATION'].map(name => `_NET_WM_WINDOW_TYPE_${name}`)

/** What is typed comes to `window`. */
export async function takeKeyboard(connection: XConnection, window: number): Promise<void> {
  if (await hasWindowManager(connection)) await activate(connection, window)
  else connection.client.SetInputFocus(window, POINTER_ROOT)
}

/** What is typed goes to the window that the person worked in before `window`, if it comes to `window` now. Without a window manager it goes where the pointer is. */
export async function giveKeyboardBack(connection: XConnection, window: number): Promise<void> {
  const { client, ask } = connection
  const { focus } = await ask<{ focus: number }>(answer => client.GetInputFocus(answer))
  if (focus !== window) return
  if (!(await hasWindowManager(connection))) return client.SetInputFocus(POINTER_ROOT, POINTER_ROOT)
  // Where there is no other the window manager would bring it back at once.
  const former = await windowBeneath(connection, window)
  if (former !== undefined) await activate(connection, former)
}

/** The uppermost that can be worked in, else the desktop itself; the window manager says in which order they stand. */
async function windowBeneath(connection: XConnection, window: number): Promise<number | undefined> {
  const [desktop, ...furniture] = await Promise.all(FURNITURE.map(name => connection.atom(name)))
  const stacking = await connection.property(connection.root, '_NET_CLIENT_LIST_STACKING')
  let beneath: number | undefined
  for (const candidate of stacking.toReversed()) {
    const types = candidate === window ? undefined : await typesOf(connection, candidate)
    if (!types || types.some(type => furniture.includes(type))) continue
    if (desktop === undefined || !types.includes(desktop)) return candidate
    beneath ??= candidate
  }
  return beneath
}

/** What kind of window it is; undefined where it can't be seen. */
async function typesOf(connection: XConnection, window: number): Promise<readonly number[] | undefined> {
  const { client, ask } = connection
  try {
    const { mapState } = await ask<{ mapState: number }>(answer => client.GetWindowAttributes(window, answer))
    return mapState === VIEWABLE ? await connection.property(window, '_NET_WM_WINDOW_TYPE') : undefined
  } catch {
    // It went away while it was looked at.
    return undefined
  }
}

async function activate(connection: XConnection, window: number): Promise<void> {
  const { client, root } = connection
  client.SendEvent(root, 0, SUBSTRUCTURE_NOTIFY | SUBSTRUCTURE_REDIRECT, {
    name: 'ClientMessage',
    type: 33,
    seq: 0,
    format: 32,
    wid: window,
    message_type: await connection.atom('_NET_ACTIVE_WINDOW'),
    data: [FROM_PAGER, 0, 0, 0, 0],
  })
}
