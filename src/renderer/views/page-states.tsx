import { SearchX, ServerCrash } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { Waiting } from '../components/waiting.tsx'

const strings = {
  failedTitle: 'The list could not be loaded',
  retry: 'Try again',
  noMatch: (query: string) => `Nothing matches “${query}”`,
  noneFit: 'Nothing fits these filters',
  noMatchHint: 'Try fewer or shorter words.',
  noneFitHint: 'Take one of them away.',
  clearSearch: 'Clear the search',
  clearFilters: 'Clear the filters',
}

/** Said in the middle of a page that has no list to show: why, and what next. */
export function Centred({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto border-t border-line bg-surface">
      <div className="mx-auto flex max-w-[600px] flex-col items-start gap-3 px-6 pt-16 pb-8">
        <span className="text-muted">{icon}</span>
        <h2 className="line-clamp-3 text-lg font-semibold break-all">{title}</h2>
        {children}
      </div>
    </div>
  )
}

/** `children` stand for what is on its way. */
export function LoadingPage({ words, children }: { words: string; children?: ReactNode }) {
  return (
    <div aria-busy className="min-h-0 flex-1 overflow-hidden border-t border-line bg-surface">
      <div className="px-5 py-3">
        <Waiting words={words} />
      </div>
      {children}
    </div>
  )
}

export function FailedPage(props: { message: string; isBusy?: boolean; onRetry: () => void }) {
  return (
    <Centred icon={<ServerCrash aria-hidden size={28} />} title={strings.failedTitle}>
      <p role="alert" data-selectable className="text-muted">
        {props.message}
      </p>
      <Button tone="primary" disabled={props.isBusy} onClick={props.onRetry}>
        {strings.retry}
      </Button>
    </Centred>
  )
}

/** Without a `query` it was filters that left nothing. */
export function NoMatch({ query, hint, onClear }: { query: string; hint?: string; onClear: () => void }) {
  const isSearched = query.trim() !== ''
  return (
    <Centred icon={<SearchX aria-hidden size={28} />} title={isSearched ? strings.noMatch(query) : strings.noneFit}>
      <p role="status" className="text-muted">
        {hint ?? (isSearched ? strings.noMatchHint : strings.noneFitHint)}
      </p>
      <Button onClick={onClear}>{isSearched ? strings.clearSearch : strings.clearFilters}</Button>
    </Centred>
  )
}
