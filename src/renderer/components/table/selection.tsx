import { CELL } from './layout.ts'

/** Rows that are picked for one act on all of them. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly allLabel: string
  readonly rowLabel: string
  onToggle(id: string): void
  /** Every row that is listed, or none. */
  onAll(ids: readonly string[]): void
}

const BOX = 'size-4 align-middle accent-accent'

export function SelectAll(props: { selection: Selection; ids: readonly string[]; total: number }) {
  const { selection, ids, total } = props
  const isAll = total > 0 && selection.ids.size >= total && ids.every(id => selection.ids.has(id))
  return (
    <th scope="col" className={`${CELL} border-b border-line bg-bg`}>
      <input
        type="checkbox"
        aria-label={selection.allLabel}
        tabIndex={-1}
        checked={isAll}
        ref={box => {
          if (box) box.indeterminate = !isAll && selection.ids.size > 0
        }}
        onChange={() => selection.onAll(isAll ? [] : ids)}
        className={BOX}
      />
    </th>
  )
}

export function SelectRow({ selection, id }: { selection: Selection; id: string }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the table has the keyboard; this only keeps the click from opening the row
    <td className={`${CELL} border-b border-line`} onClick={event => event.stopPropagation()}>
      <input
        type="checkbox"
        aria-label={selection.rowLabel}
        tabIndex={-1}
        checked={selection.ids.has(id)}
        onChange={() => selection.onToggle(id)}
        className={BOX}
      />
    </td>
  )
}
