import { SearchX, ServerCrash } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { strings } from './strings.ts'

/** Said in the middle of a page that has no list to show: why, and what next. */
export function Centred({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto border-t border-line bg-surface">
      <div className="mx-auto flex max-w-[520px] flex-col items-start gap-3 px-6 pt-16 pb-8">
        <span className="text-muted">{icon}</span>
        <h2 className="line-clamp-3 text-lg font-semibold break-all">{title}</h2>
        {children}
      </div>
    </div>
  )
}

export function LoadingPage({ words }: { words: string }) {
  return (
    <div aria-busy className="min-h-0 flex-1 border-t border-line bg-surface px-5 py-3">
      <Waiting words={words} />
    </div>
  )
}

export function FailedPage({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <Centred icon={<ServerCrash aria-hidden size={28} />} title={strings.failedTitle}>
      <p role="alert" data-selectable className="text-muted">
        {message}
      </p>
      <Button tone="primary" onClick={onRetry}>
        {strings.retry}
      </Button>
    </Centred>
  )
}

export function NoMatch({ query, onClear }: { query: string; onClear: () => void }) {
  return (
    <Centred icon={<SearchX aria-hidden size={28} />} title={strings.noMatch(query)}>
      <p role="status" className="text-muted">
        {strings.noMatchHint}
      </p>
      <Button onClick={onClear}>{strings.clearSearch}</Button>
    </Centred>
  )
}
