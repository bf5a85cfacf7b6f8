import { useMemo, useRef, useState } from 'react'
import { isRegistryPath, nameOf, parentOf, REG_FILE_MAX_BYTES, type RegistryEdit } from '#protocol/tools/registry.ts'
import { VALUE_TYPES } from '#protocol/tools/registry-values.ts'
import { Notice } from '../../../../components/notice.tsx'
import { SearchField } from '../../../../components/search-field.tsx'
import { DataTable } from '../../../../components/table/data-table.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import { RegistryClient } from '../../../../session/tools/registry-client.ts'
import type { ToolsClient } from '../../../../session/tools/tools-client.ts'
import { useApp } from '../../../app-context.ts'
import { useDebounced } from '../../../use-debounced.ts'
import { useTask } from '../../../use-task.ts'
import { AccessLine } from './access-line.tsx'
import { JournalDialog } from './journal-dialog.tsx'
import { AskDialog, type Asked, NameDialog, type Named } from './key-dialogs.tsx'
import { KeyTree } from './key-tree.tsx'
import { PathBar } from './path-bar.tsx'
import { RegistryBar } from './registry-bar.tsx'
import { SearchDialog } from './search-dialog.tsx'
import { keyStrings, registryStrings as strings, type ValueKind, valueStrings } from './strings.ts'
import { useAccess } from './use-access.ts'
import { useFavourites } from './use-favourites.ts'
import { useKeys } from './use-keys.ts'
import { useValues, type ValueItem } from './use-values.ts'
import { type Edited, ValueDialog } from './value-dialog.tsx'
import { shownName, valueColumns } from './value-table.tsx'

type Open =
  | { readonly name: 'value'; readonly edited: Edited }
  | { readonly name: 'named'; readonly named: Named }
  | { readonly name: 'asked'; readonly asked: Asked }
  | { readonly name: 'journal' }
  | { readonly name: 'search'; readonly path: string }

const keyOfItem = (item: ValueItem): string => String(item.index)

/** The registry of the device: its keys as a tree, the values of the chosen one, and what may be done to them. */
export function RegistryTool({ client: tools }: { client: ToolsClient }) {
  const app = useApp()
  const client = useMemo(() => new RegistryClient(tools), [tools])
  const keys = useKeys(client)
  const favourites = useFavourites()
  const [path, setPath] = useState<string | null>(null)
  const [query, setQuery] = useState('')
  const values = useValues(client, path, useDebounced(query))
  const access = useAccess(client, path)
  const [active, setActive] = useState<string | null>(null)
  /** What Rename and Delete are about: where the focus was last. */
  const [isAboutKey, setAboutKey] = useState(true)
  const [open, setOpen] = useState<Open | null>(null)
  const [note, setNote] = useState<string | null>(null)
  const { isBusy, refusal, run } = useTask()
  const field = useRef<HTMLInputElement>(null)
  const columns = useMemo(() => valueColumns(values.want), [values.want])
  const row = isAboutKey ? null : (values.items[Number(active ?? -1)]?.row ?? null)
  const close = () => setOpen(null)

  const choose = (next: string) => {
    setPath(next)
    setActive(null)
    setAboutKey(true)
    setNote(null)
    setQuery('')
  }
  const go = (to: string) =>
    void run(async () => {
      close()
      await keys.reveal(to)
      choose(to)
    })
  const refresh = () =>
    void run(async () => {
      await client.ask('text', { ask: 'refresh' })
      if (path) await keys.reload(path)
      values.reload()
    })
  const changed = async (around: string | null) => {
    setNote(strings.done)
    if (around) await keys.reload(around)
    values.reload()
  }
  const editKey = async (edit: RegistryEdit, next: string) => {
    const around = parentOf(next)
    await client.edit(edit)
    close()
    if (around) {
      keys.open(around)
      await changed(around)
    }
    choose(next)
    setNote(strings.done)
  }

  const add = (kind: ValueKind) =>
    path &&
    setOpen({
      name: 'value',
      edited: { path, name: null, type: VALUE_TYPES[kind], title: valueStrings.add(strings.kinds[kind]) },
    })
  const addKey = () => {
    if (!path) return
    const named = { title: keyStrings.make(nameOf(path)), submit: keyStrings.submit.make, name: '', isKey: true }
    setOpen({ name: 'named', named: { ...named, edit: name => ({ do: 'make', path: `${path}\\${name}` }) } })
  }
  const editValue = () => {
    if (path && row && !row.isCut)
      setOpen({
        name: 'value',
        edited: { path, name: row.name, type: row.type, title: valueStrings.edit(shownName(row.name)) },
      })
  }
  const rename = () => {
    if (!path) return
    const submit = keyStrings.submit.rename
    if (row && row.name !== '' && !row.isCut) {
      const { name } = row
      const edit = (to: string): RegistryEdit => ({ do: 'rename-value', path, name, to })
      setOpen({ name: 'named', named: { title: keyStrings.renameValue(name), submit, name, isKey: false, edit } })
    } else if (!row && parentOf(path)) {
      const edit = (to: string): RegistryEdit => ({ do: 'rename', path, to })
      const name = nameOf(path)
      setOpen({ name: 'named', named: { title: keyStrings.renameKey(name), submit, name, isKey: true, edit } })
    }
  }
  const remove = () => {
    const parent = path ? parentOf(path) : null
    if (!path || (!row && !parent) || row?.isCut) return
    const name = row ? shownName(row.name) : nameOf(path)
    const title = row ? keyStrings.deleteValue(name) : keyStrings.deleteKey(name)
    const text = row ? keyStrings.deleteValueText : keyStrings.deleteKeyText
    const act = async () => {
      await client.edit(row ? { do: 'unset', path, name: row.name } : { do: 'delete', path })
      close()
      if (!row && parent) choose(parent)
      await changed(row ? null : parent)
    }
    setOpen({ name: 'asked', asked: { title, text, submit: keyStrings.delete(name), isDanger: true, act } })
  }
  const importFile = (file: File) =>
    void run(async () => {
      if (file.size > REG_FILE_MAX_BYTES) throw { code: 'registry-too-large', message: keyStrings.large }
      const bytes = new Uint8Array(await file.arrayBuffer())
      const act = async () => {
        await client.import(bytes)
        close()
        await changed(path)
      }
      const { importTitle, importText: text, importSubmit: submit } = keyStrings
      setOpen({ name: 'asked', asked: { title: importTitle(file.name), text, submit, isDanger: true, act } })
    })
  const exportKey = () =>
    void run(async () => {
      if (!path) return
      let count = 0
      const { name } = await app.registryFiles.save(nameOf(path), async write => {
        await client.text(
          { ask: 'export', path },
          offset => ({ ask: 'exported', offset }),
          async part => {
            count += part.length
            setNote(strings.exporting(count))
            await write(part)
          },
        )
      })
      setNote(name === null ? null : strings.exported(name))
    })

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 and Delete work wherever in here the focus is
    <div
      className="flex min-h-0 flex-1 flex-col"
      onKeyDown={event => {
        if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return
        if (event.key === 'F2') rename()
        else if (event.key === 'Delete') remove()
        else return
        event.preventDefault()
      }}
    >
      <PathBar
        path={path}
        favourites={favourites}
        isBusy={isBusy || keys.isReading || values.isReading}
        onGo={to => isRegistryPath(to) && go(to)}
        onRefresh={refresh}
      />
      <div className="flex shrink-0 items-center gap-1.5 px-2 pb-2">
        <RegistryBar
          hasKey={path !== null}
          hasValue={row !== null && !row.isCut}
          isBusy={isBusy}
          onAdd={add}
          onAddKey={addKey}
          onEdit={editValue}
          onRename={rename}
          onDelete={remove}
          onImport={importFile}
          onExport={exportKey}
          onSearch={() => path && setOpen({ name: 'search', path })}
          onJournal={() => setOpen({ name: 'journal' })}
        />
        <div className="flex-1" />
        <SearchField label={strings.filter} value={query} onChange={setQuery} onDown={() => undefined} field={field} />
      </div>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      {keys.refusal ? <Notice tone="danger">{keys.refusal.message}</Notice> : null}
      {values.refusal ? <Notice tone="danger">{values.refusal.message}</Notice> : null}
      <div className="flex min-h-0 flex-1 border-line border-t">
        <div className="flex w-72 shrink-0 flex-col border-line border-r">
          {keys.rows.length === 0 && !keys.refusal ? (
            <div className="p-3">
              <Waiting words={strings.reading} />
            </div>
          ) : (
            <KeyTree keys={keys} chosen={path} onChoose={choose} onFocus={() => setAboutKey(true)} />
          )}
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the focus of the list within says what is meant */}
        <div className="flex min-w-0 flex-1 flex-col" onFocus={() => setAboutKey(false)}>
          {path && values.items.length > 0 ? (
            <DataTable
              label={strings.values}
              keysHint={strings.valueKeys}
              rows={values.items}
              columns={columns}
              keyOf={keyOfItem}
              activeId={active}
              onActivate={id => {
                setActive(id)
                setAboutKey(false)
              }}
              // Enter, or the row that is chosen already once more.
              onOpen={item => active === String(item.index) && editValue()}
              order={null}
              onSort={() => undefined}
            />
          ) : (
            <p className="grid flex-1 place-items-center text-muted">
              {path === null
                ? strings.noKey
                : values.isReading
                  ? strings.reading
                  : query === ''
                    ? strings.noValues
                    : strings.noMatch}
            </p>
          )}
        </div>
      </div>
      <footer className="flex h-7 shrink-0 items-center gap-4 border-line border-t bg-bg px-3 text-muted text-xs">
        {access && path !== null ? <AccessLine path={path} access={access} /> : null}
        <span role="status" className="min-w-0 flex-1 truncate text-center">
          {note}
        </span>
        <span className="shrink-0 tabular-nums">{path ? strings.count(values.items.length) : ''}</span>
      </footer>
      {open?.name === 'value' ? (
        <ValueDialog
          client={client}
          edited={open.edited}
          onClose={close}
          onDone={() => {
            close()
            void changed(null)
          }}
        />
      ) : null}
      {open?.name === 'named' ? (
        <NameDialog
          named={open.named}
          onClose={close}
          run={async (edit, name) => {
            if (edit.do === 'make') return editKey(edit, edit.path)
            if (edit.do === 'rename') return editKey(edit, `${parentOf(edit.path)}\\${name}`)
            await client.edit(edit)
            close()
            await changed(null)
          }}
        />
      ) : null}
      {open?.name === 'asked' ? <AskDialog asked={open.asked} onClose={close} /> : null}
      {open?.name === 'journal' ? (
        <JournalDialog client={client} onClose={close} onChanged={() => void changed(path)} />
      ) : null}
      {open?.name === 'search' ? <SearchDialog client={client} path={open.path} onGo={go} onClose={close} /> : null}
    </div>
  )
}
