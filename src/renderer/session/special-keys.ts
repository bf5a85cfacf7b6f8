/** Key combinations that the operator's own system would catch, as DOM `KeyboardEvent.code`s in the order of pressing. */
export const SPECIAL_KEYS = [
  { label: 'Ctrl + Alt + Del', codes: ['ControlLeft', 'AltLeft', 'Delete'] },
  { label: 'Super', codes: ['MetaLeft'] },
  { label: 'Super + L', codes: ['MetaLeft', 'KeyL'] },
  { label: 'Super + R', codes: ['MetaLeft', 'KeyR'] },
  { label: 'Alt + Tab', codes: ['AltLeft', 'Tab'] },
  { label: 'Alt + F4', codes: ['AltLeft', 'F4'] },
  { label: 'Ctrl + Esc', codes: ['ControlLeft', 'Escape'] },
  { label: 'Ctrl + Shift + Esc', codes: ['ControlLeft', 'ShiftLeft', 'Escape'] },
  { label: 'Print Screen', codes: ['PrintScreen'] },
  { label: 'F11', codes: ['F11'] },
] as const satisfies readonly { label: string; codes: readonly string[] }[]
