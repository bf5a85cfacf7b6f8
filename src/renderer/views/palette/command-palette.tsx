import { clsx } from 'clsx'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { Keys } from '../../components/keys.tsx'
import { useApp } from '../app-context.ts'
import { useFoundDevices } from '../devices/use-found-devices.ts'
import { useFullScreen } from '../full-screen-context.ts'
import { paletteStrings as strings } from '../shell/strings.ts'
import { useDebounced } from '../use-debounced.ts'
import { type Command, commandsOf, deviceWords, matchCommands } from './commands.ts'

const FOUND_MAX = 50
const NONE: readonly never[] = []

/** Everything that can be done, found by its words. */
export function CommandPalette() {
  const app = useApp()
  const fullScreen = useFullScreen()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const devices = useFoundDevices(deviceWords(useDebounced(query)), FOUND_MAX).found?.devices ?? NONE
  // What can be done stays as it was when the palette opened: nothing moves under the person's fingers but what they search for.
  const commands = useMemo(() => commandsOf(app, fullScreen, devices), [app, fullScreen, devices])
  const shown = matchCommands(commands, query)
  const close = () => app.ui.setState({ dialog: null })

  const run = (command: Command | undefined) => {
    if (!command) return
    close()
    command.run()
  }
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') run(shown[active])
    else if (event.key === 'ArrowDown') setActive(Math.min(shown.length - 1, active + 1))
    else if (event.key === 'ArrowUp') setActive(Math.max(0, active - 1))
    else return
    event.preventDefault()
  }
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])

  return (
    <Dialog title={strings.title} isTitleHidden onClose={close} className="mt-[12vh] w-[560px]">
      <div className="flex h-11 items-center gap-2 border-b border-line px-3">
        <Search aria-hidden size={16} className="shrink-0 text-muted" />
        <input
          autoFocus
          role="combobox"
          aria-label={strings.placeholder}
          aria-expanded
          aria-controls="commands"
          aria-activedescendant={shown[active] ? `command-${active}` : undefined}
          placeholder={strings.placeholder}
          value={query}
          onChange={event => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={handleKey}
          className="h-full min-w-0 flex-1 bg-transparent text-base outline-none"
        />
      </div>
      <div ref={list} id="commands" role="listbox" aria-label={strings.title} className="max-h-80 overflow-y-auto p-1">
        {shown.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
          // biome-ignore lint/a11y/useFocusableInteractive: the field above names the active option
          <div
            key={command.id}
            id={`command-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerMove={() => setActive(index)}
            onClick={() => run(command)}
            className={clsx(
              'flex h-8 items-center justify-between gap-4 rounded px-2',
              index === active && 'bg-accent-soft text-accent-text',
            )}
          >
            <span className="truncate">{command.title}</span>
            {command.shortcut ? <Keys>{command.shortcut}</Keys> : null}
          </div>
        ))}
        {shown.length === 0 ? <p className="px-2 py-3 text-muted">{strings.none}</p> : null}
      </div>
    </Dialog>
  )
}
