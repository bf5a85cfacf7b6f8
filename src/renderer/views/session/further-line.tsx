import { X } from 'lucide-react'
import { useState } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { CONSENT_TIMEOUT_MS } from '#protocol/limits.ts'
import { furtherOf } from '#protocol/session/further.ts'
import type { Further } from '#protocol/session/state.ts'
import { Notice } from '../../components/notice.tsx'
import { Left, LeftBar } from '../../components/times.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { furtherStrings as strings } from './strings.ts'

/** What became of the last question for more, stage by stage; an answer stays until it was read. */
export function FurtherLine({ state }: { state: SessionTab['state'] }) {
  const further = furtherOf(state)
  const [read, setRead] = useState<string>()
  const key = further && `${further.stage} ${further.scopes.join()}`
  if (!further || key === read) return null
  const words = textOf(further)
  if (further.stage === 'answered')
    return (
      <Notice
        tone={further.answer === 'granted' ? 'info' : 'warn'}
        className="w-full rounded-none"
        action={
          <ToolButton label={strings.read} onClick={() => setRead(key)}>
            <X aria-hidden size={14} />
          </ToolButton>
        }
      >
        {words}
      </Notice>
    )
  return (
    <div className="border-b border-line bg-surface">
      <p className="flex flex-wrap gap-x-1.5 px-3 py-1.5 text-sm">
        <span role="status">{words}</span>
        {further.stage === 'shown' ? (
          <>
            <span className="font-medium">
              <Left untilMs={further.untilMs} /> {strings.left}
            </span>
            <span className="text-muted">{strings.held}</span>
          </>
        ) : null}
      </p>
      {further.stage === 'shown' ? <LeftBar untilMs={further.untilMs} spanMs={CONSENT_TIMEOUT_MS} /> : null}
    </div>
  )
}

function textOf(further: Further): string {
  const what = further.scopes.map(scope => strings.names[scope]).join(', ')
  return strings[further.stage === 'answered' ? further.answer : further.stage](what)
}
