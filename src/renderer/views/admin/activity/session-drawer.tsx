import { useCallback } from 'react'
import type { SessionNote } from '#protocol/session/note.ts'
import type { SessionEntry, SessionShell } from '#protocol/sessions-http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, Facts } from '../../../components/drawer.tsx'
import { Moment } from '../../../components/times.tsx'
import { loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { CAPABILITY_WORDS } from '../policy/capability-words.ts'
import { strings as common } from '../strings.ts'
import { SessionLength, stateText } from './session-columns.tsx'
import { strings } from './session-strings.ts'

/** As it was written, with its lines. */
const noteText = ({ text, changedAtMs }: SessionNote) => (
  <span key="note" className="whitespace-pre-line break-words">
    {text}{' '}
    <span className="text-muted">
      · <Moment atMs={changedAtMs} />
    </span>
  </span>
)

const operatorText = ({ name, email }: SessionEntry['operator']) => (
  <span key="operator">
    {name}
    <span className="block text-xs text-muted">{email}</span>
  </span>
)

/** The device has them: they are played in a session's shell there. */
const shellsList = (shells: readonly SessionShell[]) => (
  <div key="shells" className="flex flex-col gap-1">
    <ul className="flex flex-col gap-1">
      {shells.map(({ atMs, what, tool, recording }) => (
        <li key={recording} className="break-words">
          <Moment atMs={atMs} /> · {what} ({CAPABILITY_WORDS[tool]})
          <code className="block font-mono text-xs break-all text-muted">{recording}</code>
        </li>
      ))}
    </ul>
    <p className="text-xs text-muted">{strings.shellsHint}</p>
  </div>
)

export function SessionDrawer(props: { session: SessionEntry; onClose: () => void; onEnd?: () => void }) {
  const { session, onClose, onEnd } = props
  const { call } = useAdmin()
  const { state } = useLoaded(useCallback(() => call.session({ sessionId: session.id }), [call, session.id]))
  const shells = loadedOf(state)?.shells ?? []
  const moment = (atMs: number | null) => (atMs === null ? '–' : <Moment atMs={atMs} />)
  return (
    <Drawer
      title={session.deviceName}
      subtitle={stateText(session.state)}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        onEnd ? (
          <Button className="text-danger-text" onClick={onEnd}>
            {strings.end}
          </Button>
        ) : undefined
      }
    >
      <Facts
        facts={[
          [strings.columns.operator, operatorText(session.operator)],
          [strings.columns.reason, session.reason || null],
          [strings.facts.ticket, session.ticket],
          [strings.facts.may, session.scopes.map(scope => CAPABILITY_WORDS[scope]).join(', ')],
          ...(session.unasked ? [[strings.facts.unasked, strings.unasked[session.unasked]] as const] : []),
          [strings.facts.asked, moment(session.requestedAtMs)],
          [strings.facts.granted, moment(session.grantedAtMs)],
          [strings.facts.connected, moment(session.connectedAtMs)],
          [strings.facts.ended, moment(session.endedAtMs)],
          ...(shells.length > 0 ? [[strings.facts.shells, shellsList(shells)] as const] : []),
          ...(session.note ? [[strings.facts.note, noteText(session.note)] as const] : []),
          [strings.columns.length, <SessionLength key="length" session={session} />],
          [
            strings.facts.id,
            <code key="id" className="font-mono text-xs break-all">
              {session.id}
            </code>,
          ],
        ]}
      />
    </Drawer>
  )
}
