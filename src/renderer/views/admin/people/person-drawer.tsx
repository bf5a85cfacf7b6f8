import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Ago, Moment } from '../../../components/times.tsx'
import { useReady } from '../../app-context.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { RoleList } from '../policy/role-list.tsx'
import { strings as common } from '../strings.ts'
import { Disabled } from './disabled.tsx'
import { LinkDialog, type OneTimeLink } from './link-dialog.tsx'
import { OwnSignIns } from './own-sign-ins.tsx'
import { factorText, type Person } from './person.ts'
import { personQuestions } from './person-questions.ts'
import { strings } from './strings.ts'

export function PersonDrawer({
  person,
  onClose,
  onChanged,
}: {
  person: Person
  onClose: () => void
  onChanged: () => void
}) {
  const { call } = useAdmin()
  const isSelf = useReady(state => state.auth.name === 'signed-in' && state.auth.user.id === person.id)
  const [question, setQuestion] = useState<Question | null>(null)
  const [link, setLink] = useState<OneTimeLink | null>(null)
  const ask = personQuestions(call, person, { onChanged, onLink: setLink, onGone: onClose })
  const other = person.role === 'admin' ? 'operator' : 'admin'
  return (
    <Drawer
      title={isSelf ? `${person.name} (${strings.you})` : person.name}
      subtitle={person.email}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={() => setQuestion(ask.change(other))}>
            {other === 'admin' ? strings.makeAdmin : strings.makeOperator}
          </Button>
          <Button onClick={() => setQuestion(ask.reset)}>{strings.reset}</Button>
          <Button onClick={() => setQuestion(ask.signOut)}>{strings.signOut}</Button>
          {person.totp ? <Button onClick={() => setQuestion(ask.twoFactor)}>{strings.twoFactor}</Button> : null}
          <Button onClick={() => setQuestion(person.disabled ? ask.enable : ask.disable)}>
            {person.disabled ? strings.enable : strings.disable}
          </Button>
          <Button onClick={() => setQuestion(ask.remove)} className="text-danger-text">
            {strings.remove}
          </Button>
        </>
      }
    >
      <Facts
        facts={[
          [strings.role, strings.roles[person.role]],
          ...(person.disabled ? [[strings.state, <Disabled key="state" />] as const] : []),
          [strings.factsFactor, factorText(person)],
          [
            strings.factsSeen,
            person.lastSeenAtMs === null ? common.never : <Ago key="seen" atMs={person.lastSeenAtMs} />,
          ],
          [strings.factsSince, <Moment key="since" atMs={person.createdAtMs} />],
        ]}
      />
      <DrawerPart title={strings.access}>
        <RoleList about={{ kind: 'person', id: person.id, name: person.name }} empty={strings.accessNone} />
      </DrawerPart>
      {isSelf ? <OwnSignIns /> : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
      {link ? (
        <LinkDialog
          kind="password-reset"
          title={strings.resetLinkTitle(person.name)}
          link={link}
          onClose={() => setLink(null)}
        />
      ) : null}
    </Drawer>
  )
}
