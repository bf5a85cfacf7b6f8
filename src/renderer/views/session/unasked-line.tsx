import { X } from 'lucide-react'
import { useState } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import { Notice } from '../../components/notice.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { furtherStrings, unaskedStrings as strings } from './strings.ts'

/** Nobody said yes to this session: whoever is in it should know, until they have read it. */
export function UnaskedLine({ unasked }: Pick<SessionTab, 'unasked'>) {
  const [isRead, setRead] = useState(false)
  if (!unasked || isRead) return null
  return (
    <Notice
      tone="info"
      className="w-full rounded-none"
      action={
        <ToolButton label={furtherStrings.read} onClick={() => setRead(true)}>
          <X aria-hidden size={14} />
        </ToolButton>
      }
    >
      {strings[unasked]}
    </Notice>
  )
}
