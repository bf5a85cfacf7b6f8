import { clsx } from 'clsx'
import { ChevronDown, ChevronRight, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { GroupView } from '#protocol/policy/http.ts'
import { type TreeRow, treeRows } from './group-tree.ts'
import { groupStrings as strings } from './strings.ts'

/** The tree of groups: one stop of Tab, the arrow keys move, right and left open and close. */
export function GroupList({
  groups,
  selectedId,
  onSelect,
}: {
  groups: readonly GroupView[]
  selectedId: string
  onSelect: (groupId: string) => void
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [query, setQuery] = useState('')
  const prefix = useId()
  const tree = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => treeRows(groups, closed, query), [groups, closed, query])
  const index = rows.findIndex(({ group }) => group.id === selectedId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the selected line is another element when the selection moves
  useEffect(() => {
    tree.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [selectedId])

  const setOpen = (id: string, isOpen: boolean) => {
    const next = new Set(closed)
    if (isOpen) next.delete(id)
    else next.add(id)
    setClosed(next)
  }
  const handleKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const row = rows[index]
    if (event.key === 'ArrowRight' && row?.hasChildren && !row.isOpen) setOpen(row.group.id, true)
    else if (event.key === 'ArrowLeft' && row?.isOpen && query === '') setOpen(row.group.id, false)
    else {
      const next = rowFor(event.key, rows, index)
      if (!next) return
      onSelect(next.group.id)
    }
    event.preventDefault()
  }

  return (
    <div className="flex w-[268px] shrink-0 flex-col border-r border-line">
      <label className="relative m-2 mt-3">
        <span className="sr-only">{strings.search}</span>
        <Search aria-hidden size={14} className="pointer-events-none absolute top-2 left-2.5 text-muted" />
        <input
          type="search"
          value={query}
          placeholder={strings.search}
          maxLength={200}
          onChange={event => setQuery(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Escape') setQuery('')
            else if (event.key === 'ArrowDown') tree.current?.focus()
            else return
            event.preventDefault()
          }}
          className="h-8 w-full rounded-md border border-line-strong bg-surface pr-2 pl-8 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
        />
      </label>
      <div
        ref={tree}
        role="tree"
        aria-label={strings.tree}
        aria-description={strings.treeHint}
        aria-activedescendant={index >= 0 ? `${prefix}${index}` : undefined}
        tabIndex={0}
        onKeyDown={handleKey}
        className="min-h-0 flex-1 overflow-y-auto p-2 focus-visible:outline-offset-[-2px]"
      >
        {rows.map((row, position) => (
          <GroupLine
            key={row.group.id}
            id={`${prefix}${position}`}
            row={row}
            isSelected={row.group.id === selectedId}
            onSelect={() => onSelect(row.group.id)}
            onToggle={() => setOpen(row.group.id, !row.isOpen)}
          />
        ))}
        {rows.length === 0 ? <p className="px-2 text-muted">{strings.noMatch}</p> : null}
      </div>
    </div>
  )
}

function rowFor(key: string, rows: readonly TreeRow[], index: number): TreeRow | undefined {
  const row = rows[index]
  if (key === 'ArrowDown' || key === 'ArrowRight') return rows[index + 1]
  if (key === 'ArrowUp') return rows[index - 1]
  if (key === 'ArrowLeft') return rows.find(({ group }) => group.id === row?.group.parentId)
  if (key === 'Home') return rows[0]
  return key === 'End' ? rows.at(-1) : undefined
}

function GroupLine(props: {
  id: string
  row: TreeRow
  isSelected: boolean
  onSelect: () => void
  onToggle: () => void
}) {
  const { group, level, hasChildren, isOpen } = props.row
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
    // biome-ignore lint/a11y/useFocusableInteractive: the tree names its active line
    <div
      id={props.id}
      role="treeitem"
      aria-level={level}
      aria-selected={props.isSelected}
      aria-expanded={hasChildren ? isOpen : undefined}
      title={group.path}
      onClick={props.onSelect}
      className={clsx(
        'flex h-7 items-center gap-1 rounded pr-2',
        props.isSelected ? 'bg-accent-soft font-medium text-accent-text' : 'hover:bg-hover',
      )}
      style={{ paddingLeft: 4 + (level - 1) * 16 }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree opens and closes with its arrow keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the line says whether it is open */}
      <span
        className="grid size-5 shrink-0 place-items-center"
        onClick={event => {
          if (!hasChildren) return
          event.stopPropagation()
          props.onToggle()
        }}
      >
        {hasChildren ? <Chevron aria-hidden size={14} className="text-muted" /> : null}
      </span>
      <span className="truncate">{group.path === '/' ? strings.everything : group.name}</span>
    </div>
  )
}
