import { CircleCheck, CircleSlash, Clock, MonitorCheck, TicketCheck } from 'lucide-react'
import { useCallback } from 'react'
import type { EnrolmentTokenView } from '#protocol/enrolment-http.ts'
import { Status } from '../../../components/status.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Moment } from '../../../components/times.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { strings } from './enrolment-strings.ts'
import { TokenDialog } from './token-dialog.tsx'
import { TokenDrawer } from './token-drawer.tsx'
import { tokenStateOf } from './token-state.ts'

const STATES = {
  usable: { tone: 'ok', icon: CircleCheck },
  revoked: { tone: 'danger', icon: CircleSlash },
  usedUp: { tone: 'muted', icon: TicketCheck },
  expired: { tone: 'muted', icon: Clock },
} as const

const nameOf = (token: EnrolmentTokenView) => token.name || strings.unnamed
const groupOf = (token: EnrolmentTokenView) => token.groupPath ?? strings.groupGone
const enrolled = ({ devices }: EnrolmentTokenView) => devices.pending + devices.active + devices.quarantined

const COLUMNS: readonly Column<EnrolmentTokenView>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    render: token => <span className={token.name ? 'font-medium' : 'text-muted'}>{nameOf(token)}</span>,
    hint: nameOf,
    compare: byText(nameOf),
  },
  { key: 'group', title: strings.columns.group, render: groupOf, hint: groupOf, compare: byText(groupOf) },
  {
    key: 'state',
    title: strings.columns.state,
    width: 112,
    render: token => {
      const state = tokenStateOf(token)
      return <Status {...STATES[state]} word={strings[state]} />
    },
    compare: byText(token => strings[tokenStateOf(token)]),
  },
  {
    key: 'uses',
    title: strings.columns.uses,
    width: 104,
    isRight: true,
    render: strings.uses,
    compare: byNumber(({ maxUses, usesLeft }) => maxUses - usesLeft),
  },
  {
    key: 'devices',
    title: strings.columns.devices,
    width: 84,
    isRight: true,
    render: token => String(enrolled(token)),
    compare: byNumber(enrolled),
  },
  {
    key: 'until',
    isWide: true,
    title: strings.columns.until,
    width: 160,
    render: ({ expiresAtMs }) => (
      <span className="text-muted">
        <Moment atMs={expiresAtMs} />
      </span>
    ),
    compare: byNumber(({ expiresAtMs }) => expiresAtMs),
  },
]

/** The tokens with which devices come in. */
export function Enrolment() {
  const { call } = useAdmin()
  const source = useLoaded(useCallback(async () => (await call.enrolmentTokens(undefined)).tokens, [call]))
  return (
    <CollectionPage
      words={strings}
      icon={MonitorCheck}
      source={source}
      columns={COLUMNS}
      keyOf={token => token.id}
      textOf={token => `${nameOf(token)}\n${groupOf(token)}\n${token.createdBy}\n${strings[tokenStateOf(token)]}`}
      dialog={close => <TokenDialog onClose={close} />}
      drawer={(token, { close, ask }) => (
        <TokenDrawer
          title={nameOf(token)}
          group={groupOf(token)}
          token={token}
          onClose={close}
          onRevoke={() =>
            ask({
              ...strings.revocation(nameOf(token), token.devices.active + token.devices.pending),
              act: () => call.revokeEnrolmentToken({ enrolmentTokenId: token.id }),
            })
          }
        />
      )}
    />
  )
}
