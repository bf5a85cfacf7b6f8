import { Moment } from '../../../components/times.tsx'
import { useReady } from '../../app-context.ts'
import { SecretDialog } from '../secret-dialog.tsx'
import { strings } from './strings.ts'

export interface OneTimeLink {
  readonly token: string
  readonly expiresAtMs: number
}

/** A link that opens one page of the relay, once. What it opens stands after `#`, which no browser sends to a server. */
export function LinkDialog({
  kind,
  title,
  link,
  onClose,
}: {
  kind: 'invitation' | 'password-reset'
  title: string
  link: OneTimeLink
  onClose: () => void
}) {
  const relayUrl = useReady(state => (state.auth.name === 'signed-in' ? state.auth.relayUrl : ''))
  return (
    <SecretDialog
      title={title}
      secret={`${relayUrl}/${kind}#${link.token}`}
      warning={strings.linkWarning}
      onClose={onClose}
    >
      <p className="mt-3 text-muted">
        {strings.validUntil} <Moment atMs={link.expiresAtMs} />
      </p>
    </SecretDialog>
  )
}
