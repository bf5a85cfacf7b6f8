import { MailOpen } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import type { z } from 'zod'
import type { invitationsReplySchema } from '#protocol/identity-http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, Facts } from '../../../components/drawer.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago, Moment } from '../../../components/times.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { strings as common } from '../strings.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { invitationStrings, strings } from './strings.ts'

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
  const source = useLoaded(useCallback(async () => (await call.invitations(undefined)).invitations, [call]))
  return (
    <CollectionPage
      words={invitationStrings}
      icon={MailOpen}
      source={source}
      columns={COLUMNS}
      keyOf={invitation => invitation.id}
      textOf={invitation => `${invitation.email}\n${strings.roles[invitation.role]}`}
      bar={bar}
      dialog={close => <InviteDialog onClose={close} />}
      drawer={({ id, email, role, createdAtMs, expiresAtMs }, { close, ask }) => (
        <Drawer
          title={email}
          closeLabel={common.close}
          onClose={close}
          footer={
            <Button
              onClick={() =>
                ask({
                  ...invitationStrings.revocation(email),
                  act: () => call.revokeInvitation({ invitationId: id }),
                })
              }
            >
              {invitationStrings.revoke}
            </Button>
          }
        >
          <Facts
            facts={[
              [strings.role, strings.roles[role]],
              [strings.columns.invited, <Moment key="invited" atMs={createdAtMs} />],
              [strings.columns.until, <Moment key="until" atMs={expiresAtMs} />],
            ]}
          />
        </Drawer>
      )}
    />
  )
}
