import { BadgeCheck, CircleDashed, CircleX, Clock, type LucideIcon } from 'lucide-react'
import type { CertifiedApp } from '#ipc/admin/trust.ts'
import { Status, type StatusTone } from '../../../components/status.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Moment } from '../../../components/times.tsx'
import { strings } from './strings.ts'

const LOOKS: Record<CertifiedApp['state'], { tone: StatusTone; icon: LucideIcon }> = {
  none: { tone: 'muted', icon: CircleDashed },
  valid: { tone: 'ok', icon: BadgeCheck },
  expired: { tone: 'warn', icon: Clock },
  revoked: { tone: 'danger', icon: CircleX },
  invalid: { tone: 'danger', icon: CircleX },
}

export const CertificateState = ({ app }: { app: CertifiedApp }) => (
  <Status {...LOOKS[app.state]} word={strings.states[app.state]} />
)

export const mayText = ({ state, tools, unattended }: CertifiedApp): string => {
  if (state !== 'valid') return '–'
  const what = tools ? strings.withTools : strings.screenOnly
  return unattended ? `${what}, ${strings.withUnattended}` : what
}

export const APP_COLUMNS: readonly Column<CertifiedApp>[] = [
  {
    key: 'person',
    title: strings.columns.person,
    render: ({ operator }) => (
      <span>
        <span className="font-medium">{operator.name}</span> <span className="text-muted">{operator.email}</span>
      </span>
    ),
    hint: ({ operator }) => `${operator.name}\n${operator.email}`,
    compare: byText(({ operator }) => operator.name),
  },
  {
    key: 'computer',
    title: strings.columns.computer,
    width: 160,
    render: ({ computer, isThisApp }) => (isThisApp ? `${computer} (${strings.thisApp})` : computer),
    hint: ({ computer }) => computer,
    compare: byText(({ computer }) => computer),
  },
  {
    key: 'state',
    title: strings.columns.state,
    width: 130,
    render: app => <CertificateState app={app} />,
    compare: byText(({ state }) => strings.states[state]),
  },
  {
    key: 'may',
    isWide: true,
    title: strings.columns.may,
    width: 340,
    render: app => <span className="text-muted">{mayText(app)}</span>,
    hint: mayText,
  },
  {
    key: 'until',
    title: strings.columns.until,
    width: 170,
    render: ({ expiresAtMs }) =>
      expiresAtMs === null ? (
        <span className="text-muted">–</span>
      ) : (
        <span className="text-muted">
          <Moment atMs={expiresAtMs} />
        </span>
      ),
    compare: byNumber(({ expiresAtMs }) => expiresAtMs),
  },
]
