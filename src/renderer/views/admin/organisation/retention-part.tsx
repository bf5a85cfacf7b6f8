import { useState } from 'react'
import type { z } from 'zod'
import { retentionBodySchema, type retentionReplySchema } from '#protocol/retention-http.ts'
import { Field } from '../../../components/field.tsx'
import { useAdmin } from '../admin-context.ts'
import { FormPart } from './form-part.tsx'
import { retentionStrings as strings } from './strings.ts'

type Retention = z.infer<typeof retentionReplySchema>
type Kind = keyof Retention['own']

const KINDS: readonly (readonly [kind: Kind, label: string, hint: string])[] = [
  ['auditDays', strings.audit, `${strings.auditHint}. `],
  ['historyDays', strings.history, ''],
  ['recordingDays', strings.recording, ''],
]

/** How long the organisation keeps what. */
export function RetentionPart({ retention, onChanged }: { retention: Retention; onChanged: () => Promise<void> }) {
  const { call } = useAdmin()
  const { own, effective } = retention
  const [texts, setTexts] = useState<Readonly<Record<Kind, string>>>({
    auditDays: textOf(own.auditDays),
    historyDays: textOf(own.historyDays),
    recordingDays: textOf(own.recordingDays),
  })
  const body = retentionBodySchema.safeParse(
    Object.fromEntries(KINDS.map(([kind]) => [kind, texts[kind].trim() === '' ? null : Number(texts[kind])])),
  )
  const isChanged = KINDS.some(([kind]) => texts[kind].trim() !== textOf(own[kind]))
  const save = async () => {
    if (body.success) await call.setRetention(body.data)
    await onChanged()
  }
  return (
    <FormPart
      className="w-[380px]"
      title={strings.title}
      lead={strings.lead}
      isReady={body.success && isChanged}
      act={save}
    >
      {KINDS.map(([kind, label, hint]) => (
        <Field
          key={kind}
          label={label}
          hint={body.success ? `${hint}${strings.now(effective[kind])}` : strings.wrong}
          inputMode="numeric"
          autoComplete="off"
          maxLength={5}
          className="max-w-40"
          aria-invalid={!body.success}
          value={texts[kind]}
          onChange={event => setTexts({ ...texts, [kind]: event.target.value })}
        />
      ))}
    </FormPart>
  )
}

const textOf = (days: number | null) => (days === null ? '' : String(days))
