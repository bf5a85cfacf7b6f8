import { X } from 'lucide-react'
import { useState } from 'react'
import type { AssignmentView } from '#protocol/policy/http.ts'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { AssignDialog } from './assign-dialog.tsx'
import { assignmentStrings as strings } from './strings.ts'
import { type About, type Policy, pathOf, roleNameOf, usePolicy } from './use-policy.ts'

/** Who has which role where, as far as it is about one person, group or role. */
export function RoleList({ about, empty }: { about: About; empty: string }) {
  const { call } = useAdmin()
  const { state, reload } = usePolicy()
  const [isAdding, setAdding] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  if (state.name === 'loading') return <Waiting words={strings.loading} />
  if (state.name === 'failed') return <Notice tone="danger">{state.refusal.message}</Notice>
  const policy = state.value
  const rows = policy.assignments.filter(row => isAbout(row, about))
  const removal = (row: AssignmentView): Question => ({
    title: strings.removeTitle(lineOf(policy, row)),
    text: row.effect === 'allow' ? strings.removeAllowText : strings.removeDenyText,
    submit: strings.removeSubmit,
    busy: strings.removeBusy,
    act: async () => {
      await call.unassign({ assignmentId: row.id })
      await reload()
    },
  })
  return (
    <>
      {rows.length === 0 ? <p className="text-muted">{empty}</p> : null}
      <ul className="flex flex-col">
        {rows.map(row => (
          <li key={row.id} className="flex items-center gap-2 border-b border-line py-1 last:border-0">
            <span data-selectable className="min-w-0 flex-1 break-words">
              {row.effect === 'deny' ? <strong className="text-danger-text">{strings.denied} </strong> : null}
              {shortLine(policy, row, about)}
            </span>
            <ToolButton
              label={strings.remove(lineOf(policy, row))}
              className="text-muted"
              onClick={() => setQuestion(removal(row))}
            >
              <X aria-hidden size={14} />
            </ToolButton>
          </li>
        ))}
      </ul>
      <div>
        <Button isSmall onClick={() => setAdding(true)}>
          {strings.add}
        </Button>
      </div>
      {isAdding ? (
        <AssignDialog about={about} policy={policy} onClose={() => setAdding(false)} onDone={() => void reload()} />
      ) : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}

function isAbout(row: AssignmentView, { kind, id }: About): boolean {
  if (kind === 'person') return row.userId === id
  return kind === 'group' ? row.groupId === id : row.roleId === id
}

function personOf(policy: Policy, userId: string | null): string {
  if (userId === null) return strings.everybody
  return policy.people.find(({ id }) => id === userId)?.name ?? userId
}

const lineOf = (policy: Policy, row: AssignmentView): string =>
  strings.line(personOf(policy, row.userId), roleNameOf(policy, row.roleId), pathOf(policy, row.groupId))

function shortLine(policy: Policy, row: AssignmentView, { kind }: About): string {
  const role = roleNameOf(policy, row.roleId)
  const path = pathOf(policy, row.groupId)
  const person = personOf(policy, row.userId)
  if (kind === 'person') return strings.roleIn(role, path)
  return kind === 'group' ? strings.personHas(person, role) : strings.personIn(person, path)
}
