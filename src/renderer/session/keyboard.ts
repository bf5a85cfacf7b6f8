/** `physical` sends where keys are, `text` sends what they mean on the operator's layout. */
export type KeyboardMode = 'physical' | 'text'

/** The parts of a DOM `KeyboardEvent` that decide. */
export interface KeyPress {
  readonly code: string
  readonly key: string
  readonly repeat: boolean
  readonly isComposing: boolean
  readonly ctrlKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly isAltGraph: boolean
}

/** What a key press means for the device. `compose` leaves the event to the input method; its text comes later. */
export type KeyAction =
  | { readonly kind: 'key'; readonly code: string; readonly withShift: boolean }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'compose' }
  | { readonly kind: 'ignore' }

const IGNORE: KeyAction = { kind: 'ignore' }
const COMPOSE: KeyAction = { kind: 'compose' }
const CODE_MAX_LENGTH = 32

/** Decides a `keydown`. The device repeats held keys by itself, so repeats pass only where text is sent. */
export function actionOfKeyDown(press: KeyPress, mode: KeyboardMode): KeyAction {
  if (press.isComposing || press.key === 'Process') return COMPOSE
  if (!isReliable(press.code)) return isPrintable(press.key) ? { kind: 'text', text: press.key } : IGNORE
  if (mode === 'physical') return press.repeat ? IGNORE : keyAction(press.code)
  return actionInTextMode(press)
}

function actionInTextMode(press: KeyPress): KeyAction {
  if (press.key === 'Dead') return COMPOSE
  // Shift and AltGr are part of the character that they make.
  if (press.key === 'Shift' || press.key === 'AltGraph') return IGNORE
  const isShortcut = (press.ctrlKey || press.altKey || press.metaKey) && !press.isAltGraph
  if (isPrintable(press.key) && !isShortcut) return { kind: 'text', text: press.key }
  if (press.repeat) return IGNORE
  const code = isShortcut ? codeOfMeaning(press) : press.code
  return { kind: 'key', code, withShift: press.shiftKey }
}

/** Ctrl and A on a French keyboard is the key that says A, not the one where a US keyboard has it. */
function codeOfMeaning(press: KeyPress): string {
  if (/^[a-z]$/i.test(press.key)) return `Key${press.key.toUpperCase()}`
  if (/^[0-9]$/.test(press.key)) return `Digit${press.key}`
  return press.code
}

const keyAction = (code: string): KeyAction => ({ kind: 'key', code, withShift: false })
const isReliable = (code: string) => code !== '' && code !== 'Unidentified' && code.length <= CODE_MAX_LENGTH
const isPrintable = (key: string) => Array.from(key).length === 1

/** Shortcuts of this window, kept from the device unless the operator says otherwise. */
export function isLocalShortcut(
  press: Pick<KeyPress, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey'>,
): boolean {
  if (press.key === 'F11') return true
  if (!press.ctrlKey || press.altKey || press.metaKey || press.shiftKey) return false
  return press.code === 'KeyK' || press.code === 'KeyW' || /^Digit[1-9]$/.test(press.code)
}

/** Always local, or a person without a mouse could never leave the picture. */
export const isLeaveShortcut = (press: Pick<KeyPress, 'code' | 'ctrlKey' | 'altKey'>): boolean =>
  press.code === 'Home' && press.ctrlKey && press.altKey
