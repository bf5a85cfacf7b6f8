import type { ConsentBridge } from '../../stores/bridge.ts'

/** What a person writes with; every other key beside Ctrl is the browser's: it closes, prints, reloads. */
const WRITING = /^([acvxyz]|Arrow.*|Home|End|Backspace|Delete|Insert|Enter|Tab| )$/i

/** Main hears whether what is typed comes to this page; and the page does with keys, and with what is dropped on it, nothing but what it is for. */
export function guardKeyboard(bridge: ConsentBridge): void {
  const tell = (isHere: boolean) => void bridge.call.keyboard({ isHere }).catch(() => undefined)
  window.addEventListener('focus', () => tell(true))
  window.addEventListener('blur', () => tell(false))
  if (document.hasFocus()) tell(true)
  document.addEventListener('keydown', event => isBrowsers(event) && event.preventDefault(), { capture: true })
  for (const name of ['dragover', 'drop']) document.addEventListener(name, event => event.preventDefault())
}

function isBrowsers(event: KeyboardEvent): boolean {
  if (/^F\d/.test(event.key)) return true
  return (event.ctrlKey || event.metaKey) && !event.getModifierState('AltGraph') && !WRITING.test(event.key)
}
