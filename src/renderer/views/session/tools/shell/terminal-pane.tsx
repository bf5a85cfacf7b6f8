import { Copy, Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { TerminalView } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { ToolButton } from '../../../../components/tool-button.tsx'
import { linesOf } from '../../../../session/tools/pasted-text.ts'
import { openScreenTerminal, type ScreenTerminal } from '../../../../session/tools/screen-terminal.ts'
import type { ToolsClient } from '../../../../session/tools/tools-client.ts'
import { shellStrings as strings } from '../strings.ts'
import { FindBar } from './find-bar.tsx'
import { PasteDialog } from './paste-dialog.tsx'
import { darkScheme, terminalTheme } from './terminal-theme.ts'

/** One terminal of the device. Mounted again it shows its past and goes on. */
export function TerminalPane({ client, tool, view }: { client: ToolsClient; tool: Tool; view: TerminalView }) {
  const element = useRef<HTMLDivElement>(null)
  const [terminal, setTerminal] = useState<ScreenTerminal | null>(null)
  const [pasted, setPasted] = useState<string | null>(null)
  const [isFinding, setFinding] = useState(false)
  const number = view.terminal

  useEffect(() => {
    if (!element.current) return
    const scheme = darkScheme()
    const opened = openScreenTerminal({
      element: element.current,
      client,
      tool,
      terminal: number,
      theme: terminalTheme(scheme.matches),
      onPaste: text => takePaste(text),
      onCopy: copy,
      onFind: () => setFinding(true),
    })
    const takePaste = (text: string) => {
      if (linesOf(text) > 1) return setPasted(text)
      // What was copied with its end of line would run at once.
      const line = text.replace(/\n+$/, '')
      if (line !== '') opened.paste(line)
    }
    const follow = () => opened.setTheme(terminalTheme(scheme.matches))
    scheme.addEventListener('change', follow)
    setTerminal(opened)
    opened.focus()
    return () => {
      scheme.removeEventListener('change', follow)
      opened.close()
    }
  }, [client, tool, number])

  const name = strings.tab(number, view.shell)
  return (
    <div className="group/pane relative flex min-w-0 flex-1 flex-col border-line not-first:border-l">
      <section
        ref={element}
        aria-label={strings.region(name)}
        data-terminal={number}
        data-selectable
        className="min-h-0 flex-1 overflow-hidden py-1 pl-2"
      />
      <div className="absolute top-1 right-4 flex rounded-md border border-line bg-raised opacity-0 group-focus-within/pane:opacity-100 group-hover/pane:opacity-100">
        <ToolButton
          label={strings.copy}
          shortcut="Ctrl+Shift+C"
          hint={strings.pasteHint}
          onClick={() => copy(terminal?.selection() ?? '')}
        >
          <Copy aria-hidden size={13} />
        </ToolButton>
        <ToolButton label={strings.find} shortcut="Ctrl+Shift+F" onClick={() => setFinding(true)}>
          <Search aria-hidden size={13} />
        </ToolButton>
      </div>
      {isFinding && terminal ? (
        <FindBar
          search={terminal.search}
          onClose={() => {
            setFinding(false)
            terminal.focus()
          }}
        />
      ) : null}
      {pasted === null ? null : (
        <PasteDialog
          text={pasted}
          onClose={() => setPasted(null)}
          onPaste={() => {
            terminal?.paste(pasted)
            setPasted(null)
            terminal?.focus()
          }}
        />
      )}
    </div>
  )
}

/** The operator's own gesture; a device can't do it. */
function copy(text: string): void {
  if (text !== '') void navigator.clipboard.writeText(text).catch(() => undefined)
}
