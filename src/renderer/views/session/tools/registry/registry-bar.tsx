import { useRef } from 'react'
import { Button } from '../../../../components/button.tsx'
import { Menu, MenuItem, MenuLine } from '../../../../components/menu.tsx'
import { registryStrings as strings, type ValueKind } from './strings.ts'

const KINDS: readonly ValueKind[] = ['string', 'expandable', 'multi', 'dword', 'qword', 'binary']

/** What may be done here; what takes a key or a value is off without one. */
export function RegistryBar(props: {
  hasKey: boolean
  hasValue: boolean
  isBusy: boolean
  onAdd: (kind: ValueKind) => void
  onAddKey: () => void
  onEdit: () => void
  onRename: () => void
  onDelete: () => void
  onImport: (file: File) => void
  onExport: () => void
  onSearch: () => void
  onJournal: () => void
}) {
  const { hasKey, hasValue, isBusy } = props
  const file = useRef<HTMLInputElement>(null)
  const isOff = !hasKey || isBusy
  return (
    <>
      <Menu
        trigger={
          <Button isSmall tone="primary" disabled={isOff}>
            {strings.new}
          </Button>
        }
      >
        <MenuItem onSelect={props.onAddKey}>{strings.kinds.key}</MenuItem>
        <MenuLine />
        {KINDS.map(kind => (
          <MenuItem key={kind} onSelect={() => props.onAdd(kind)}>
            {strings.kinds[kind]}
          </MenuItem>
        ))}
      </Menu>
      <Button isSmall disabled={!hasValue || isBusy} onClick={props.onEdit}>
        {strings.edit}
      </Button>
      <Button isSmall disabled={isOff} onClick={props.onRename}>
        {strings.rename}
      </Button>
      <Button isSmall disabled={isOff} onClick={props.onDelete}>
        {strings.delete}
      </Button>
      <span aria-hidden className="mx-1 h-5 w-px bg-line" />
      <Button isSmall disabled={isOff} onClick={props.onSearch}>
        {strings.search}
      </Button>
      <Button isSmall disabled={isBusy} onClick={() => file.current?.click()}>
        {strings.import}
      </Button>
      <Button isSmall disabled={isOff} onClick={props.onExport}>
        {strings.export}
      </Button>
      <Button isSmall disabled={isBusy} onClick={props.onJournal}>
        {strings.journal}
      </Button>
      <input
        ref={file}
        type="file"
        accept=".reg"
        hidden
        aria-hidden
        onChange={event => {
          const chosen = event.target.files?.[0]
          if (chosen) props.onImport(chosen)
          // The same file may be chosen once more.
          event.target.value = ''
        }}
      />
    </>
  )
}
