import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { type ITheme, Terminal } from '@xterm/xterm'
import { TERMINAL_INPUT_MAX } from '#protocol/tools/limits.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { DrawnCounter } from './drawn-counter.ts'
import { disarm, READABLE_CONTRAST } from './hostile-output.ts'
import { typeableText } from './pasted-text.ts'
import { openStyled } from './styled-document.ts'
import { TerminalWriter } from './terminal-writer.ts'
import type { ToolsClient } from './tools-client.ts'

const SCROLLBACK_LINES = 5_000

export interface ScreenTerminal {
  readonly search: SearchAddon
  focus(): void
  /** Types clipboard text; the person has seen it if it has several lines. */
  paste(text: string): void
  /** What is selected; empty when nothing is. */
  selection(): string
  setTheme(theme: ITheme): void
  /** Idempotent; the shell lives on at the device. */
  close(): void
}

export interface ScreenTerminalOptions {
  readonly element: HTMLElement
  readonly client: ToolsClient
  readonly tool: Tool
  readonly terminal: number
  readonly theme: ITheme
  /** Clipboard text before it is typed. */
  readonly onPaste: (text: string) => void
  readonly onCopy: (text: string) => void
  readonly onFind: () => void
}

/** Draws one terminal of the device in `element` and types what is typed there. What it draws is acknowledged, so that the device sends no more than that. */
export function openScreenTerminal(options: ScreenTerminalOptions): ScreenTerminal {
  const { element, client, tool, terminal: number } = options
  const terminal = new Terminal({
    cursorBlink: false,
    scrollback: SCROLLBACK_LINES,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-fixed') || 'monospace',
    fontSize: 13,
    theme: options.theme,
    minimumContrastRatio: READABLE_CONTRAST,
    // A link would be the device's text that opens the operator's browser.
    linkHandler: { activate: () => undefined },
    logLevel: 'off',
  })
  const fit = new FitAddon()
  const search = new SearchAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  disarm(terminal)
  openStyled(() => terminal.open(element))
  fit.fit()

  const drawn = new DrawnCounter(bytes => client.send({ type: 'drawn', tool, terminal: number, bytes }))
  const writer = new TerminalWriter({
    terminal,
    lines: () => SCROLLBACK_LINES + terminal.rows,
    onDrawn: bytes => drawn.add(bytes),
  })
  const stops = [
    client.events.on('output', message => message.terminal === number && writer.write(message.bytes)),
    client.events.on('attached', message => message.terminal === number && writer.reset()),
    client.events.on('exited', message => {
      if (message.terminal === number) terminal.options.disableStdin = true
    }),
  ]
  terminal.onData(data => {
    for (let start = 0; start < data.length; start += TERMINAL_INPUT_MAX)
      client.send({ type: 'input', tool, terminal: number, data: data.slice(start, start + TERMINAL_INPUT_MAX) })
  })
  const size = () => ({ columns: Math.max(2, terminal.cols), rows: Math.max(1, terminal.rows) })
  terminal.attachCustomKeyEventHandler(event => handleKey(event, terminal, options))
  element.addEventListener('paste', handlePaste, { capture: true })
  function handlePaste(event: ClipboardEvent) {
    event.preventDefault()
    event.stopPropagation()
    options.onPaste(typeableText(event.clipboardData?.getData('text/plain') ?? ''))
  }
  const observer = new ResizeObserver(() => {
    const { cols, rows } = terminal
    fit.fit()
    if (terminal.cols !== cols || terminal.rows !== rows)
      client.send({ type: 'resize', tool, terminal: number, ...size() })
  })
  observer.observe(element)
  client.send({ type: 'attach', tool, terminal: number, ...size() })

  return {
    search,
    focus: () => terminal.focus(),
    paste: text => terminal.paste(text),
    selection: () => terminal.getSelection(),
    setTheme(theme) {
      terminal.options.theme = theme
    },
    close() {
      observer.disconnect()
      for (const stop of stops) stop()
      writer.close()
      element.removeEventListener('paste', handlePaste, { capture: true })
      terminal.dispose()
    },
  }
}

/** Ctrl-Shift with C, V and F are the operator's; every other key is the shell's. */
function handleKey(event: KeyboardEvent, terminal: Terminal, { onCopy, onFind }: ScreenTerminalOptions): boolean {
  if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true
  switch (event.code) {
    case 'KeyC':
      onCopy(terminal.getSelection())
      event.preventDefault()
      return false
    case 'KeyF':
      onFind()
      event.preventDefault()
      return false
    case 'KeyV':
      // The browser pastes, which comes back as an event.
      return false
    default:
      return true
  }
}
