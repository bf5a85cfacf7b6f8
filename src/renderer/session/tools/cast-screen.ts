import { type ITheme, Terminal } from '@xterm/xterm'
import type { Cast } from './cast.ts'
import { disarm } from './hostile-output.ts'
import { openStyled } from './styled-document.ts'

export interface CastScreen {
  /** Draws the recording as it was at this moment. */
  show(seconds: number): void
  close(): void
}

/** A terminal that only shows: as hostile as what was recorded, and nothing can be typed. */
export function openCastScreen(element: HTMLElement, cast: Cast, theme: ITheme): CastScreen {
  const terminal = new Terminal({
    cols: cast.columns,
    rows: cast.rows,
    disableStdin: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-fixed') || 'monospace',
    fontSize: 12,
    theme,
    linkHandler: { activate: () => undefined },
    logLevel: 'off',
  })
  disarm(terminal)
  openStyled(() => terminal.open(element))
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
        else if (event.kind === 'r') resize(terminal, event.data)
      }
    },
    close: () => terminal.dispose(),
  }
}

function resize(terminal: Terminal, size: string): void {
  const [columns = 0, rows = 0] = size.split('x').map(Number)
  if (columns >= 2 && columns <= 500 && rows >= 1 && rows <= 300) terminal.resize(columns, rows)
}
