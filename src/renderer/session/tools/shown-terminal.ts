import { type ITheme, Terminal } from '@xterm/xterm'
import { disarm, READABLE_CONTRAST } from './hostile-output.ts'
import { openStyled } from './styled-document.ts'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** A terminal that only shows: as hostile as what it is fed with, and nothing can be typed. */
export interface ShownTerminal {
  write(data: string | Uint8Array): void
  /** A size that no terminal has is left out. */
  resize(size: TerminalSize): void
  reset(): void
  close(): void
}

export function openShownTerminal(element: HTMLElement, size: TerminalSize, theme: ITheme): ShownTerminal {
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.rows,
    disableStdin: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-fixed') || 'monospace',
    fontSize: 12,
    theme,
    minimumContrastRatio: READABLE_CONTRAST,
    linkHandler: { activate: () => undefined },
    logLevel: 'off',
  })
  disarm(terminal)
  openStyled(() => terminal.open(element))
  return {
    write: data => terminal.write(data),
    resize({ columns, rows }) {
      const isSize = Number.isInteger(columns) && Number.isInteger(rows)
      if (isSize && columns >= 2 && columns <= 500 && rows >= 1 && rows <= 300) terminal.resize(columns, rows)
    },
    reset: () => terminal.reset(),
    close: () => terminal.dispose(),
  }
}
