import { clsx } from 'clsx'
import { ChevronDown, ChevronRight, Folder, FolderOpen } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { parentOf } from '#protocol/tools/registry.ts'
import { useRowWindow } from '../../../../components/row-window.ts'
import { rowAfterKey } from '../../../../components/table/table-keys.ts'
import { registryStrings as strings } from './strings.ts'
import type { Keys } from './use-keys.ts'

const ROW = 28
const INDENT = 14

/** The keys as a tree: one stop of Tab, arrows move, open and shut. Only what is in sight is in the document. */
export function KeyTree(props: {
  keys: Keys
  chosen: string | null
  onChoose: (path: string) => void
  onFocus: () => void
}) {
  const { keys, chosen, onChoose } = props
  const { rows } = keys
  const scroller = useRef<HTMLDivElement>(null)
  const prefix = useId()
  const { first, end } = useRowWindow(scroller, ROW, rows.length)
  const index = rows.findIndex(({ path }) => path === chosen)
  useEffect(() => {
    const element = scroller.current
    if (!element || index < 0) return
    if (index * ROW < element.scrollTop) element.scrollTop = index * ROW
    else if ((index + 1) * ROW > element.scrollTop + element.clientHeight)
      element.scrollTop = (index + 1) * ROW - element.clientHeight
  }, [index])

  const handleKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || rows.length === 0) return
    const row = rows[index]
    const page = Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1
    const next = rowAfterKey(event.key, index, rows.length, page)
    const target = next === undefined ? undefined : rows[next]
    if (target) onChoose(target.path)
    else if (event.key === 'ArrowRight' && row && !row.isOpen) keys.open(row.path)
    else if (event.key === 'ArrowRight' && row?.isOpen) onChoose(rows[index + 1]?.path ?? row.path)
    else if (event.key === 'ArrowLeft' && row?.isOpen) keys.shut(row.path)
    else if (event.key === 'ArrowLeft' && row) onChoose(parentOf(row.path) ?? row.path)
    else if (event.key === 'Enter' && row) (row.isOpen ? keys.shut : keys.open)(row.path)
    else return
    event.preventDefault()
  }

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={strings.tree}
      aria-activedescendant={index >= 0 ? `${prefix}${index}` : undefined}
      tabIndex={0}
      onKeyDown={handleKey}
      onFocus={() => {
        props.onFocus()
        if (index < 0 && rows[0]) onChoose(rows[0].path)
      }}
      className="min-h-0 flex-1 overflow-auto bg-surface py-1 focus-visible:outline-offset-[-2px]"
    >
      <div style={{ height: first * ROW }} />
      {rows.slice(first, end).map((row, offset) => {
        const Chevron = row.isOpen ? ChevronDown : ChevronRight
        const Icon = row.isOpen ? FolderOpen : Folder
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
          // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names its active row
          <div
            key={row.path}
            id={`${prefix}${first + offset}`}
            role="treeitem"
            aria-level={row.depth + 1}
            aria-expanded={row.isLeaf ? undefined : row.isOpen}
            aria-selected={row.path === chosen}
            title={row.name}
            onClick={() => onChoose(row.path)}
            onDoubleClick={() => (row.isOpen ? keys.shut : keys.open)(row.path)}
            className={clsx(
              'flex items-center gap-1 pr-2 whitespace-nowrap',
              row.path === chosen ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
            style={{ height: ROW, paddingLeft: 6 + row.depth * INDENT }}
          >
            <button
              type="button"
              tabIndex={-1}
              aria-label={row.isOpen ? strings.shut(row.name) : strings.open(row.name)}
              onClick={event => {
                event.stopPropagation()
                ;(row.isOpen ? keys.shut : keys.open)(row.path)
              }}
              className={clsx(
                'grid size-5 shrink-0 place-items-center rounded hover:bg-hover',
                row.isLeaf && 'invisible',
              )}
            >
              <Chevron aria-hidden size={13} />
            </button>
            <Icon aria-hidden size={14} className="shrink-0 text-muted" />
            <span className="truncate">{row.name}</span>
          </div>
        )
      })}
      <div style={{ height: Math.max(0, rows.length - end) * ROW }} />
    </div>
  )
}
