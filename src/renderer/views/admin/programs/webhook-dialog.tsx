import { useState } from 'react'
import { WEBHOOK_EVENTS, type WebhookEvent, webhookBodySchema } from '#protocol/webhooks-http.ts'
import { Field } from '../../../components/field.tsx'
import { useAdmin } from '../admin-context.ts'
import { ChecksField } from '../checks-field.tsx'
import { MadeOnceDialog } from '../made-once-dialog.tsx'
import { NameField } from '../name-field.tsx'
import { WebhookSecret } from './webhook-secret.tsx'
import { EVENT_WORDS, strings } from './webhook-strings.ts'

export function WebhookDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const [description, setDescription] = useState('')
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<readonly WebhookEvent[]>(['session.requested', 'session.ended'])
  return (
    <MadeOnceDialog
      words={strings}
      className="w-[560px]"
      body={webhookBodySchema.safeParse({ description: description.trim(), url: url.trim(), events })}
      make={call.createWebhook}
      shown={made => <WebhookSecret made={made} onClose={onClose} />}
      onClose={onClose}
    >
      <NameField label={strings.name} hint={strings.nameHint} value={description} onChange={setDescription} />
      <Field
        label={strings.url}
        hint={strings.urlHint}
        type="url"
        placeholder="https://"
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={2048}
        value={url}
        onChange={event => setUrl(event.target.value)}
      />
      <ChecksField
        label={strings.events}
        all={WEBHOOK_EVENTS}
        words={EVENT_WORDS}
        chosen={events}
        onChange={setEvents}
        columns={2}
      />
    </MadeOnceDialog>
  )
}
