import { X } from 'lucide-react'
import { type FormEvent, useRef, useState } from 'react'
import { tagsSchema } from '#protocol/wire/views.ts'
import { Field } from '../../../../components/field.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { useApp } from '../../../app-context.ts'
import { useAdmin } from '../../admin-context.ts'
import { useAct } from '../../use-act.ts'
import { strings } from './record-strings.ts'

const TAG_MAX = 40

/** The words by which people find the device, each of which goes by its own button. */
export function DeviceTags({ deviceId, tags: listed }: { deviceId: string; tags: readonly string[] }) {
  const app = useApp()
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [text, setText] = useState('')
  // The list hears of it a moment later, and the next change stands on this one.
  const [saved, setSaved] = useState<{ readonly over: readonly string[]; readonly tags: readonly string[] } | null>(
    null,
  )
  const tags = saved?.over === listed ? saved.tags : listed
  const field = useRef<HTMLInputElement>(null)
  const typed = text.trim().toLowerCase()
  const wished = tagsSchema.safeParse([...new Set([...tags, typed])])
  const problem = typed === '' || wished.success ? null : tags.length >= 20 ? strings.tagsFull : strings.tagWrong
  const save = (next: readonly string[]) =>
    run(async () => {
      await call.setDeviceTags({ deviceId, tags: [...next] })
      setSaved({ over: listed, tags: next })
      app.devices.refresh()
    })
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (typed !== '' && wished.success && (await save(wished.data))) setText('')
  }
  const remove = async (tag: string) => {
    if (await save(tags.filter(other => other !== tag))) field.current?.focus()
  }
  return (
    <form onSubmit={event => void add(event)} aria-busy={isBusy} className="flex flex-col gap-2">
      {tags.length > 0 ? (
        <ul aria-label={strings.tags} className="flex flex-wrap gap-1">
          {tags.map(tag => (
            <li key={tag} className="flex items-center rounded bg-hover pl-2 text-xs">
              <span data-selectable>{tag}</span>
              <button
                type="button"
                aria-label={strings.removeTag(tag)}
                title={strings.removeTag(tag)}
                disabled={isBusy}
                onClick={() => void remove(tag)}
                className="inline-flex h-6 w-6 items-center justify-center rounded text-muted hover:text-text disabled:opacity-50"
              >
                <X aria-hidden size={12} />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <Field
        ref={field}
        label={strings.addTag}
        hint={problem ?? strings.tagHint}
        aria-invalid={problem !== null}
        maxLength={TAG_MAX}
        autoComplete="off"
        value={text}
        onChange={event => setText(event.target.value)}
      />
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
    </form>
  )
}
