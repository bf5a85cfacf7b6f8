import type { ITheme } from '@xterm/xterm'
import type { Cast } from './cast.ts'
import { openShownTerminal } from './shown-terminal.ts'

export interface CastScreen {
  /** Draws the recording as it was at this moment. */
  show(seconds: number): void
  close(): void
}

/** What was recorded, at any of its moments. */
export function openCastScreen(element: HTMLElement, cast: Cast, theme: ITheme): CastScreen {
  const terminal = openShownTerminal(element, cast, theme)
  let shown = 0
  let shownS = 0
  return {
    show(seconds) {
      if (seconds < shownS) {
        terminal.reset()
        shown = 0
      }
      shownS = seconds
      for (let event = cast.events[shown]; event && event.atS <= seconds; event = cast.events[++shown]) {
        if (event.kind === 'o') terminal.write(event.data)
        else if (event.kind === 'r') terminal.resize(sizeOf(event.data))
      }
    },
    close: () => terminal.close(),
  }
}

function sizeOf(text: string) {
  const [columns = 0, rows = 0] = text.split('x').map(Number)
  return { columns, rows }
}
