import { MonitorSmartphone, SearchX, ServerCrash } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Command } from '../../components/command.tsx'
import { useReady } from '../app-context.ts'
import { ROW_HEIGHT } from './device-table-layout.ts'
import { strings } from './strings.ts'

const PLACEHOLDERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

export function LoadingDevices() {
  return (
    <div className="flex-1 overflow-hidden border-t border-line bg-surface" aria-busy>
      <p role="status" className="px-5 py-3 text-muted">
        {strings.loading}
      </p>
      <div aria-hidden className="animate-pulse-soft">
        {PLACEHOLDERS.map((name, row) => (
          <div key={name} className="flex items-center border-t border-line px-5" style={{ height: ROW_HEIGHT }}>
            <span className="h-3 w-16 rounded bg-hover" />
            <span className="ml-16 h-3 rounded bg-hover" style={{ width: 120 + ((row * 53) % 90) }} />
            <span className="ml-auto h-3 rounded bg-hover" style={{ width: 110 + ((row * 37) % 60) }} />
            <span className="ml-24 h-3 w-16 rounded bg-hover" />
            <span className="ml-16 h-6 w-16 rounded bg-hover" />
          </div>
        ))}
      </div>
    </div>
  )
}

function Centred({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="flex-1 overflow-auto border-t border-line bg-surface">
      <div className="mx-auto flex max-w-[640px] flex-col items-start gap-3 px-6 pt-16 pb-8">
        <span className="text-muted">{icon}</span>
        <h2 className="text-lg font-semibold">{title}</h2>
        {children}
      </div>
    </div>
  )
}

export function FailedDevices({ message, isBusy, onRetry }: { message: string; isBusy: boolean; onRetry: () => void }) {
  return (
    <Centred icon={<ServerCrash aria-hidden size={28} />} title={strings.failedTitle}>
      <p role="alert" data-selectable className="text-muted">
        {message}
      </p>
      <Button tone="primary" onClick={onRetry} disabled={isBusy}>
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

export function EmptyDevices() {
  const relayUrl = useReady(state => (state.auth.name === 'signed-in' ? state.auth.relayUrl : ''))
  const steps = strings.emptySteps
  return (
    <Centred icon={<MonitorSmartphone aria-hidden size={28} />} title={strings.emptyTitle}>
      <p className="text-muted">{strings.emptyLead}</p>
      <ol className="flex w-full list-decimal flex-col gap-2 pl-5 marker:text-muted">
        <li>{steps.token}</li>
        <li>{steps.install}</li>
        <li>
          {steps.run}
          <Command
            text={`HANDHOLD_AGENT_RELAY_URL=${relayUrl} \\\nHANDHOLD_AGENT_ENROLMENT_TOKEN=${strings.tokenPlaceholder} \\\nhandhold-agent`}
            copyLabel={strings.copy}
            copiedLabel={strings.copied}
            byHandLabel={strings.copyByHand}
          />
        </li>
      </ol>
      <p className="text-muted">{steps.after}</p>
    </Centred>
  )
}
