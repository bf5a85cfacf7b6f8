/** X servers number keys as the Linux kernel does, 8 higher. */
const KERNEL_OFFSET = 8

// Key numbers of linux/input-event-codes.h by the names of the UI Events `code` specification.
const ROWS: readonly (readonly [first: number, ...codes: string[]])[] = [
  [1, 'Escape', 'Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Digit6', 'Digit7', 'Digit8', 'Digit9', 'Digit0'],
  [12, 'Minus', 'Equal', 'Backspace', 'Tab', 'KeyQ', 'KeyW', 'KeyE', 'KeyR', 'KeyT', 'KeyY', 'KeyU', 'KeyI', 'KeyO'],
  [25, 'KeyP', 'BracketLeft', 'BracketRight', 'Enter', 'ControlLeft', 'KeyA', 'KeyS', 'KeyD', 'KeyF', 'KeyG', 'KeyH'],
  [36, 'KeyJ', 'KeyK', 'KeyL', 'Semicolon', 'Quote', 'Backquote', 'ShiftLeft', 'Backslash', 'KeyZ', 'KeyX', 'KeyC'],
  [47, 'KeyV', 'KeyB', 'KeyN', 'KeyM', 'Comma', 'Period', 'Slash', 'ShiftRight', 'NumpadMultiply', 'AltLeft', 'Space'],
  [58, 'CapsLock', 'F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'NumLock', 'ScrollLock'],
  [71, 'Numpad7', 'Numpad8', 'Numpad9', 'NumpadSubtract', 'Numpad4', 'Numpad5', 'Numpad6', 'NumpadAdd', 'Numpad1'],
  [80, 'Numpad2', 'Numpad3', 'Numpad0', 'NumpadDecimal'],
  [86, 'IntlBackslash', 'F11', 'F12', 'IntlRo', 'Lang3', 'Lang4', 'Convert', 'KanaMode', 'NonConvert'],
  [96, 'NumpadEnter', 'ControlRight', 'NumpadDivide', 'PrintScreen', 'AltRight'],
  [102, 'Home', 'ArrowUp', 'PageUp', 'ArrowLeft', 'ArrowRight', 'End', 'ArrowDown', 'PageDown', 'Insert', 'Delete'],
  [113, 'AudioVolumeMute', 'AudioVolumeDown', 'AudioVolumeUp', 'Power', 'NumpadEqual', 'NumpadSignChange', 'Pause'],
  [121, 'NumpadComma', 'Lang1', 'Lang2', 'IntlYen', 'MetaLeft', 'MetaRight', 'ContextMenu', 'BrowserStop'],
  [129, 'Again', 'Props', 'Undo', 'Select', 'Copy', 'Open', 'Paste', 'Find', 'Cut', 'Help'],
  [140, 'LaunchApp2'],
  [142, 'Sleep', 'WakeUp', 'LaunchApp1'],
  [155, 'LaunchMail', 'BrowserFavorites'],
  [158, 'BrowserBack', 'BrowserForward'],
  [161, 'Eject', 'MediaTrackNext', 'MediaPlayPause', 'MediaTrackPrevious', 'MediaStop'],
  [171, 'MediaSelect', 'BrowserHome', 'BrowserRefresh'],
  [179, 'NumpadParenLeft', 'NumpadParenRight'],
  [183, 'F13', 'F14', 'F15', 'F16', 'F17', 'F18', 'F19', 'F20', 'F21', 'F22', 'F23', 'F24'],
  [217, 'BrowserSearch'],
]

// Names that browsers use beside the standard ones.
const ALIASES: readonly (readonly [alias: string, code: string])[] = [
  ['OSLeft', 'MetaLeft'],
  ['OSRight', 'MetaRight'],
  ['VolumeMute', 'AudioVolumeMute'],
  ['VolumeDown', 'AudioVolumeDown'],
  ['VolumeUp', 'AudioVolumeUp'],
]

function buildTable(): ReadonlyMap<string, number> {
  const table = new Map<string, number>()
  for (const [first, ...codes] of ROWS) {
    for (const [index, code] of codes.entries()) table.set(code, first + index + KERNEL_OFFSET)
  }
  for (const [alias, code] of ALIASES) {
    const keycode = table.get(code)
    if (keycode !== undefined) table.set(alias, keycode)
  }
  return table
}

const KEYCODES = buildTable()

/** The X keycode of a DOM `KeyboardEvent.code`; undefined for what isn't a key of any known keyboard. */
export function keycodeFor(code: string): number | undefined {
  return KEYCODES.get(code)
}
