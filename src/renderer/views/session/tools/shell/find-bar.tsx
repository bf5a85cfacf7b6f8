import type { SearchAddon } from '@xterm/addon-search'
import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useState } from 'react'
import { ToolButton } from '../../../../components/tool-button.tsx'
import { shellStrings as strings } from '../strings.ts'

export function FindBar({ search, onClose }: { search: SearchAddon; onClose: () => void }) {
  const [text, setText] = useState('')
  const [isMissing, setMissing] = useState(false)
  const next = () => setMissing(!search.findNext(text))
  const previous = () => setMissing(!search.findPrevious(text))
  return (
    <search className="absolute top-1 right-4 flex items-center gap-1 rounded-md border border-line bg-raised p-1 shadow-float">
      <input
        // biome-ignore lint/a11y/noAutofocus: it appears because the person asked for it
        autoFocus
        type="search"
        aria-label={strings.find}
        placeholder={strings.find}
        value={text}
        maxLength={200}
        onChange={event => {
          const wanted = event.target.value
          setText(wanted)
          setMissing(!search.findNext(wanted, { incremental: true }) && wanted !== '')
        }}
        onKeyDown={event => {
          if (event.key === 'Escape') onClose()
          else if (event.key === 'Enter') event.shiftKey ? previous() : next()
          else return
          event.preventDefault()
        }}
        className="h-6 w-44 rounded border border-line-strong bg-surface px-1.5 text-xs"
      />
      <span role="status" className={isMissing ? 'px-1 text-xs text-danger-text' : 'sr-only'}>
        {isMissing ? strings.findMissing : ''}
      </span>
      <ToolButton label={strings.findPrevious} onClick={previous}>
        <ArrowUp aria-hidden size={13} />
      </ToolButton>
      <ToolButton label={strings.findNext} onClick={next}>
        <ArrowDown aria-hidden size={13} />
      </ToolButton>
      <ToolButton label={strings.findClose} onClick={onClose}>
        <X aria-hidden size={13} />
      </ToolButton>
    </search>
  )
}
