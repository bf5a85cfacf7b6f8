import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type RegistryHit, SEARCH_IN } from '#protocol/tools/registry.ts'
import { Button } from '../../../../components/button.tsx'
import { Check } from '../../../../components/check.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { Field } from '../../../../components/field.tsx'
import { Notice } from '../../../../components/notice.tsx'
import type { Column } from '../../../../components/table/columns.ts'
import { DataTable } from '../../../../components/table/data-table.tsx'
import type { Answer, RegistryClient } from '../../../../session/tools/registry-client.ts'
import { type Refusal, refusalOf } from '../../../../stores/refusal.ts'
import { registryStrings, searchStrings as strings } from './strings.ts'

const HITS_MAX = 2_000
type Row = RegistryHit & { readonly id: string }

const COLUMNS: readonly Column<Row>[] = [
  { key: 'key', title: strings.key, render: row => row.path, hint: row => row.path },
  {
    key: 'value',
    title: strings.value,
    width: 300,
    render: row => (row.name === null ? '' : `${row.name || registryStrings.default} = ${row.preview}`),
    hint: row => (row.name === null ? '' : `${row.name || registryStrings.default} = ${row.preview}`),
  },
]

/** Searches beneath a key for as long as it is open and something is left to look at. */
export function SearchDialog(props: {
  client: RegistryClient
  path: string
  onGo: (path: string) => void
  onClose: () => void
}) {
  const { client, path } = props
  const [text, setText] = useState('')
  const [places, setPlaces] = useState<readonly (typeof SEARCH_IN)[number][]>(SEARCH_IN)
  const [hits, setHits] = useState<readonly Row[]>([])
  const [state, setState] = useState<{ at: string; isDone: boolean } | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const [active, setActive] = useState<string | null>(null)
  const turn = useRef(0)
  useEffect(
    () => () => {
      turn.current++
    },
    [],
  )
  const isLooking = state !== null && !state.isDone

  const search = async () => {
    const mine = ++turn.current
    setHits([])
    setRefusal(null)
    setState({ at: path, isDone: false })
    let found: Row[] = []
    try {
      for (let isFirst = true; mine === turn.current; isFirst = false) {
        const part: Answer<'found'> = await client.ask(
          'found',
          isFirst ? { ask: 'search', path, text, in: [...places] } : { ask: 'search-on' },
        )
        if (mine !== turn.current) return
        found = [...found, ...part.hits.map((hit, at) => ({ ...hit, id: String(found.length + at) }))].slice(
          0,
          HITS_MAX,
        )
        setHits(found)
        const isDone = part.isDone || found.length >= HITS_MAX
        setState({ at: part.at, isDone })
        if (isDone) return
      }
    } catch (thrown) {
      if (mine !== turn.current) return
      setRefusal(refusalOf(thrown))
      setState(null)
    }
  }
  const stop = () => {
    turn.current++
    setState(before => (before ? { ...before, isDone: true } : null))
  }
  const words = !state
    ? ''
    : isLooking
      ? strings.at(state.at)
      : hits.length >= HITS_MAX
        ? strings.more(hits.length)
        : strings.done(hits.length)

  return (
    <Dialog title={strings.title(path)} onClose={props.onClose} className="w-[860px]">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          if (text !== '' && places.length > 0) void search()
        }}
      >
        <div className="flex items-end gap-2">
          <div className="flex-1">
            <Field
              label={strings.text}
              value={text}
              autoFocus
              maxLength={200}
              spellCheck={false}
              onChange={event => setText(event.target.value)}
            />
          </div>
          {isLooking ? (
            <Button onClick={stop}>{strings.stop}</Button>
          ) : (
            <Button type="submit" tone="primary" disabled={text === '' || places.length === 0}>
              {strings.submit}
            </Button>
          )}
        </div>
        <div className="flex gap-5">
          {SEARCH_IN.map(place => (
            <Check
              key={place}
              label={strings.places[place]}
              isChecked={places.includes(place)}
              onChange={isOn => setPlaces(SEARCH_IN.filter(other => (other === place ? isOn : places.includes(other))))}
            />
          ))}
        </div>
      </form>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      <p role="status" className="my-2 h-5 truncate text-muted text-xs">
        {words}
      </p>
      <div className="flex h-64 flex-col overflow-hidden rounded-md border border-line">
        <DataTable
          label={strings.title(path)}
          keysHint={strings.keys}
          rows={hits}
          columns={COLUMNS}
          keyOf={row => row.id}
          activeId={active}
          onActivate={setActive}
          onOpen={row => props.onGo(row.path)}
          order={null}
          onSort={() => undefined}
        />
      </div>
      <div className="mt-4 flex justify-end">
        <Button onClick={props.onClose}>{registryStrings.close}</Button>
      </div>
    </Dialog>
  )
}
