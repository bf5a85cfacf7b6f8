import { useEffect, useState } from 'react'
import { VALUE_NAME_MAX } from '#protocol/tools/registry.ts'
import { typeName } from '#protocol/tools/registry-values.ts'
import { Dialog } from '../../../../components/dialog.tsx'
import { Field } from '../../../../components/field.tsx'
import { FormDialog } from '../../../../components/form-dialog.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import type { RegistryClient } from '../../../../session/tools/registry-client.ts'
import { type Refusal, refusalOf } from '../../../../stores/refusal.ts'
import { useTask } from '../../../use-task.ts'
import { registryStrings, valueStrings as strings } from './strings.ts'
import { bytesOf, type Draft, draftOf, ValueEditor } from './value-editor.tsx'

export interface Edited {
  readonly path: string
  /** Null: a new value. */
  readonly name: string | null
  /** Of a new value. */
  readonly type: number
  readonly title: string
}

interface Props {
  readonly client: RegistryClient
  readonly edited: Edited
  readonly onDone: () => void
  readonly onClose: () => void
}

/** Edits a value in what fits its type, or makes one. */
export function ValueDialog(props: Props) {
  const { client, edited, onClose } = props
  const [read, setRead] = useState<{ type: number; bytes: Uint8Array } | null>(
    edited.name === null ? { type: edited.type, bytes: emptyOf(edited.type) } : null,
  )
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  useEffect(() => {
    if (edited.name === null) return
    let isOver = false
    client.value(edited.path, edited.name).then(
      value => !isOver && setRead(value),
      thrown => !isOver && setRefusal(refusalOf(thrown)),
    )
    return () => {
      isOver = true
    }
  }, [client, edited])
  if (!read)
    return (
      <Dialog title={edited.title} onClose={onClose}>
        {refusal ? <Notice tone="danger">{refusal.message}</Notice> : <Waiting words={strings.reading} />}
      </Dialog>
    )
  return <Form {...props} type={read.type} bytes={read.bytes} />
}

function Form({ client, edited, onDone, onClose, type, bytes }: Props & { type: number; bytes: Uint8Array }) {
  const [name, setName] = useState('')
  const [draft, setDraft] = useState<Draft>(() => draftOf(type, bytes))
  const { isBusy, refusal, run } = useTask()
  const made = bytesOf(type, draft)
  const isWrong = typeof made === 'string'
  const expected = draftOf(type, emptyOf(type)).kind
  const save = () =>
    void run(async () => {
      if (typeof made === 'string') return
      await client.set(edited.path, edited.name ?? name, type, made)
      onDone()
    })
  return (
    <FormDialog
      title={edited.title}
      submit={strings.save}
      busy={strings.saving}
      cancel={registryStrings.cancel}
      isBusy={isBusy}
      isReady={!isWrong}
      refusal={refusal?.message ?? null}
      onSubmit={save}
      onClose={onClose}
      className="w-[620px]"
    >
      {edited.name === null ? (
        <Field
          label={strings.name}
          hint={strings.nameHint}
          value={name}
          maxLength={VALUE_NAME_MAX}
          spellCheck={false}
          onChange={event => setName(event.target.value)}
        />
      ) : (
        <p className="font-mono text-muted text-xs" data-selectable>
          {typeName(type)}
        </p>
      )}
      <ValueEditor
        draft={draft}
        size={isWrong ? null : made.length}
        isOdd={draft.kind === 'bytes' && expected !== 'bytes'}
        onChange={setDraft}
      />
      <p role="status" className="min-h-4 text-danger-text text-xs">
        {isWrong ? made : ''}
      </p>
    </FormDialog>
  )
}

/** The bytes of a value that says nothing yet. */
function emptyOf(type: number): Uint8Array {
  const lengths: Readonly<Record<number, number>> = { 1: 2, 2: 2, 7: 2, 4: 4, 5: 4, 11: 8 }
  return new Uint8Array(lengths[type] ?? 0)
}
