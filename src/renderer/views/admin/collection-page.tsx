import type { LucideIcon } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Centred } from '../page-states.tsx'
import type { Source } from '../use-loaded.ts'
import { ConfirmDialog, type Question } from './confirm-dialog.tsx'
import { ListPage, type ListPageProps } from './list-page.tsx'

export interface CollectionWords {
  readonly title: string
  readonly search: string
  readonly loading: string
  readonly count: (shown: number, total: number) => string
  readonly emptyTitle: string
  readonly emptyHint: string
  readonly create: string
}

/** What an opened row can do. */
export interface RowActs {
  readonly close: () => void
  /** Asks first. After the act the list is loaded anew. */
  readonly ask: (question: Question) => void
  readonly reload: () => void
}

export interface CollectionPageProps<Row>
  extends Pick<ListPageProps<Row>, 'columns' | 'keyOf' | 'textOf' | 'firstOrder' | 'bar' | 'pages' | 'remote'> {
  readonly words: CollectionWords
  readonly icon: LucideIcon
  readonly source: Source<readonly Row[]>
  /** With what one more is made, for who may. The list is loaded anew when it closes. */
  readonly dialog?: ((close: () => void) => ReactNode) | undefined
  readonly drawer: (row: Row, acts: RowActs) => ReactNode
}

/** A page of things that are made, looked at and taken away again. */
export function CollectionPage<Row>({ words, source, icon: Icon, dialog, drawer, ...list }: CollectionPageProps<Row>) {
  const [isMaking, setMaking] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  const reload = () => void source.reload()
  const ask = (asked: Question) =>
    setQuestion({
      ...asked,
      act: async () => {
        await asked.act()
        await source.reload()
      },
    })
  const create = dialog ? (
    <Button tone="primary" onClick={() => setMaking(true)}>
      {words.create}
    </Button>
  ) : null
  const stopMaking = () => {
    setMaking(false)
    reload()
  }
  return (
    <>
      <ListPage
        {...list}
        title={words.title}
        searchLabel={words.search}
        loading={words.loading}
        count={words.count}
        rows={source.state}
        onReload={reload}
        actions={create}
        empty={
          <Centred icon={<Icon aria-hidden size={28} />} title={words.emptyTitle}>
            <p className="text-muted">{words.emptyHint}</p>
            {create}
          </Centred>
        }
        drawer={(row, close) => drawer(row, { close, ask, reload })}
      />
      {isMaking ? dialog?.(stopMaking) : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}
