import { Undo2 } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { RegistryJournalRow } from '#protocol/tools/registry.ts'
import { Button } from '../../../../components/button.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import type { Answer, RegistryClient } from '../../../../session/tools/registry-client.ts'
import { useTask } from '../../../use-task.ts'
import { registryStrings, journalStrings as strings } from './strings.ts'

/** What was edited in this session, with before and after, and the way back. */
export function JournalDialog(props: { client: RegistryClient; onChanged: () => void; onClose: () => void }) {
  const { client } = props
  const [rows, setRows] = useState<readonly RegistryJournalRow[] | null>(null)
  const [shown, setShown] = useState<{ edit: number; text: string } | null>(null)
  const { isBusy, refusal, run } = useTask()
  const read = useCallback(async () => {
    let all: RegistryJournalRow[] = []
    for (let offset: number | null = 0; offset !== null; ) {
      const part: Answer<'journal'> = await client.ask('journal', { ask: 'journal', offset })
      all = [...all, ...part.rows]
      offset = part.next
    }
    setRows(all)
  }, [client])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is read once, and after each undo
  useEffect(() => void run(read), [])

  const undo = (edit: number) =>
    void run(async () => {
      await client.edit({ do: 'undo', edit })
      await read()
      props.onChanged()
    })
  const show = (edit: number) =>
    void run(async () => {
      if (shown?.edit === edit) return setShown(null)
      let text = ''
      await client.text(
        { ask: 'edit', edit, offset: 0 },
        offset => ({ ask: 'edit', edit, offset }),
        part => {
          text += part
        },
      )
      setShown({ edit, text })
    })

  return (
    <Dialog title={strings.title} onClose={props.onClose} className="w-[860px]">
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      {rows === null && !refusal ? <Waiting words={strings.reading} /> : null}
      {rows?.length === 0 ? <p className="py-6 text-center text-muted">{strings.none}</p> : null}
      <ol className="flex max-h-[420px] flex-col overflow-auto">
        {rows?.map(row => (
          <li key={row.edit} className="border-line border-b py-1.5 last:border-b-0">
            <div className="flex items-center gap-3">
              <span className="w-8 text-right text-muted text-xs tabular-nums">{row.edit}</span>
              <time
                className="w-20 shrink-0 whitespace-nowrap text-muted text-xs tabular-nums"
                title={new Date(row.atMs).toLocaleString()}
              >
                {new Date(row.atMs).toLocaleTimeString()}
              </time>
              <span className="w-28 shrink-0 font-medium">{strings.verbs[row.verb] ?? row.verb}</span>
              <span className="min-w-0 flex-1 truncate" title={row.object} data-selectable>
                {row.object}
              </span>
              {row.undoes === null ? null : <span className="text-muted text-xs">{strings.undoes(row.undoes)}</span>}
              <Button
                isSmall
                tone="quiet"
                disabled={isBusy}
                aria-expanded={shown?.edit === row.edit}
                onClick={() => show(row.edit)}
              >
                {strings.show}
              </Button>
              {row.isUndone ? (
                <span className="w-20 text-center text-muted text-xs">{strings.undone}</span>
              ) : (
                <Button
                  isSmall
                  disabled={isBusy}
                  className="w-20"
                  aria-label={`${strings.undo} ${row.edit}`}
                  onClick={() => undo(row.edit)}
                >
                  <Undo2 aria-hidden size={13} />
                  {strings.undo}
                </Button>
              )}
            </div>
            {shown?.edit === row.edit ? (
              <pre
                data-selectable
                className="mt-1.5 max-h-48 overflow-auto rounded-md border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap break-all"
              >
                {shown.text}
              </pre>
            ) : null}
          </li>
        ))}
      </ol>
      <div className="mt-4 flex items-center justify-between">
        <span className="text-muted text-xs">{strings.kept}</span>
        <Button onClick={props.onClose}>{registryStrings.close}</Button>
      </div>
    </Dialog>
  )
}
