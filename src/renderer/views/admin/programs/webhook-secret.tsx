import type { z } from 'zod'
import type { webhookReplySchema } from '#protocol/webhooks-http.ts'
import { SecretDialog } from '../secret-dialog.tsx'
import { strings } from './webhook-strings.ts'

export type MadeWebhook = z.infer<typeof webhookReplySchema>

/** The only time that a webhook's secret is seen. */
export function WebhookSecret({ made, onClose }: { made: MadeWebhook; onClose: () => void }) {
  const title = strings.madeTitle(made.webhook.description)
  return (
    <SecretDialog title={title} secret={made.secret} warning={strings.warning} onClose={onClose}>
      <p className="mt-3 text-muted">
        {strings.use} <code className="font-mono text-xs">webhook-signature</code>
      </p>
    </SecretDialog>
  )
}
