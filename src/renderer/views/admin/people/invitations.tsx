import { MailOpen } from 'lucide-react'
import { type ReactNode, useCallback, useState } from 'react'
import type { z } from 'zod'
import type { invitationsReplySchema } from '#protocol/identity-http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, Facts } from '../../../components/drawer.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago, Moment } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { Centred } from '../page-states.tsx'
import { strings as common } from '../strings.ts'
import { useLoaded } from '../use-loaded.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { strings } from './strings.ts'

type Invitation = z.infer<typeof invitationsReplySchema>['invitations'][number]

const COLUMNS: readonly Column<Invitation>[] = [
  {
    key: 'email',
    title: strings.email,
    render: invitation => <span className="font-medium">{invitation.email}</span>,
    hint: invitation => invitation.email,
    compare: byText(invitation => invitation.email),
  },
  { key: 'role', title: strings.columns.role, width: 120, render: ({ role }) => strings.roles[role] },
  {
    key: 'invited',
    title: strings.columns.invited,
    width: 120,
    render: ({ createdAtMs }) => <Ago atMs={createdAtMs} />,
    compare: byNumber(({ createdAtMs }) => createdAtMs),
  },
  {
    key: 'until',
    title: strings.columns.until,
    width: 170,
    render: ({ expiresAtMs }) => <Moment atMs={expiresAtMs} />,
    compare: byNumber(({ expiresAtMs }) => expiresAtMs),
  },
]

export function Invitations({ bar }: { bar: ReactNode }) {
  const { call } = useAdmin()
  const load = useCallback(async () => (await call.invitations(undefined)).invitations, [call])
  const { state, reload } = useLoaded(load)
  const [isInviting, setInviting] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  const invite = (
    <Button tone="primary" onClick={() => setInviting(true)}>
      {strings.invite}
    </Button>
  )
  const revoke = ({ id, email }: Invitation, close: () => void): Question => ({
    title: strings.revokeTitle(email),
    text: strings.revokeText,
    submit: strings.revokeSubmit,
    busy: strings.revokeBusy,
    act: async () => {
      await call.revokeInvitation({ invitationId: id })
      close()
      await reload()
    },
  })
  return (
    <>
      <ListPage
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.invitationsLoading}
        count={strings.invitationCount}
        rows={state}
        columns={COLUMNS}
        keyOf={invitation => invitation.id}
        textOf={invitation => `${invitation.email}\n${strings.roles[invitation.role]}`}
        onReload={() => void reload()}
        actions={invite}
        bar={bar}
        empty={
          <Centred icon={<MailOpen aria-hidden size={28} />} title={strings.noInvitations}>
            <p className="text-muted">{strings.noInvitationsHint}</p>
            {invite}
          </Centred>
        }
        drawer={(invitation, close) => (
          <Drawer
            title={invitation.email}
            closeLabel={common.close}
            onClose={close}
            footer={<Button onClick={() => setQuestion(revoke(invitation, close))}>{strings.revoke}</Button>}
          >
            <Facts
              facts={[
                [strings.role, strings.roles[invitation.role]],
                [strings.columns.invited, <Moment key="invited" atMs={invitation.createdAtMs} />],
                [strings.columns.until, <Moment key="until" atMs={invitation.expiresAtMs} />],
              ]}
            />
          </Drawer>
        )}
      />
      {isInviting ? (
        <InviteDialog
          onClose={() => {
            setInviting(false)
            void reload()
          }}
        />
      ) : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}
