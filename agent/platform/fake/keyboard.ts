const LETTER = /^Key([A-Z])$/
const DIGIT = /^Digit([0-9])$/
const OTHER_KEYS =
  /^(F([1-9]|1[0-9]|2[0-4])|(Shift|Control|Alt|Meta)(Left|Right)|Arrow(Up|Down|Left|Right)|Numpad([0-9]|Add|Subtract|Multiply|Divide|Decimal|Enter)|Escape|Minus|Equal|Backspace|Tab|Bracket(Left|Right)|Enter|Semicolon|Quote|Backquote|Backslash|IntlBackslash|Comma|Period|Slash|Space|CapsLock|NumLock|ScrollLock|Home|End|Page(Up|Down)|Insert|Delete|PrintScreen|Pause|ContextMenu)$/

const PLAIN_CHARACTERS: Readonly<Record<string, string>> = {
  Space: ' ',
  Enter: '\n',
  Tab: '\t',
  Comma: ',',
  Period: '.',
}
const COMMAND_KEYS = ['ControlLeft', 'ControlRight', 'AltLeft', 'MetaLeft', 'MetaRight']

/** Whether the fake keyboard has a key of this DOM `KeyboardEvent.code`. */
export function hasKey(code: string): boolean {
  return LETTER.test(code) || DIGIT.test(code) || OTHER_KEYS.test(code)
}

/** What a key types on an American layout, reduced to letters, digits and a few more; empty for a shortcut. */
export function characterFor(code: string, held: ReadonlySet<string>): string {
  if (COMMAND_KEYS.some(key => held.has(key))) return ''
  const letter = LETTER.exec(code)?.[1]
  if (letter) return held.has('ShiftLeft') || held.has('ShiftRight') ? letter : letter.toLowerCase()
  return DIGIT.exec(code)?.[1] ?? PLAIN_CHARACTERS[code] ?? ''
}
