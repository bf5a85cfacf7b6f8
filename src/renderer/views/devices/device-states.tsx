import { MonitorSmartphone } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { Command } from '../../components/command.tsx'
import { ROW_HEIGHT } from '../../components/table/layout.ts'
import { useReady } from '../app-context.ts'
import { Centred, LoadingPage } from '../page-states.tsx'
import { strings } from './strings.ts'

const PLACEHOLDERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

export function LoadingDevices() {
  return (
    <LoadingPage words={strings.loading}>
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
    </LoadingPage>
  )
}

export const NoneOnline = ({ onAll }: { onAll: () => void }) => (
  <Centred icon={<MonitorSmartphone aria-hidden size={28} />} title={strings.noneOnline}>
    <p role="status" className="text-muted">
      {strings.noneOnlineHint}
    </p>
    <Button onClick={onAll}>{strings.showAll}</Button>
  </Centred>
)

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
