import { useCallback, useEffect, useState } from 'react'
import type { AuditQuery } from '#protocol/http.ts'
import { auditQuerySchema } from '#protocol/http.ts'
import { Field } from '../../../components/field.tsx'
import { useApp } from '../../app-context.ts'
import { useDebounced } from '../../use-debounced.ts'
import { SuggestField } from '../suggest-field.tsx'
import { strings } from './audit-strings.ts'
import { ALWAYS, type Period, periodMs } from './period.ts'
import { PeriodFields } from './period-fields.tsx'

export type AuditFilter = Pick<AuditQuery, 'action' | 'person' | 'deviceId' | 'fromMs' | 'toMs'>
export const NO_FILTER: AuditFilter = {}

/** What the relay looks for: what was done, by whom, on which device and when. */
export function AuditFilters({ onChange }: { onChange: (filter: AuditFilter) => void }) {
  const app = useApp()
  const [action, setAction] = useState('')
  const [person, setPerson] = useState('')
  const [deviceId, setDeviceId] = useState<string | null>(null)
  const [period, setPeriod] = useState<Period>(ALWAYS)
  const settled = useDebounced(JSON.stringify({ action: action.trim(), person: person.trim(), deviceId, period }))
  useEffect(() => {
    const wish = JSON.parse(settled) as { action: string; person: string; deviceId: string | null; period: Period }
    const given = {
      ...(wish.action === '' ? {} : { action: wish.action }),
      ...(wish.person === '' ? {} : { person: wish.person }),
      ...(wish.deviceId === null ? {} : { deviceId: wish.deviceId }),
      ...periodMs(wish.period),
    }
    // Half an address, or of an action, is nothing to look for yet.
    if (auditQuerySchema.safeParse(given).success) onChange(Object.keys(given).length === 0 ? NO_FILTER : given)
  }, [settled, onChange])
  const suggest = useCallback(
    async (q: string) => (await app.listDevices({ q, limit: 20 })).devices.map(({ id, name }) => ({ id, text: name })),
    [app],
  )
  return (
    <div className="grid grid-cols-[1fr_1fr_1fr_132px_132px] gap-3 px-5 pb-3">
      <Field
        label={strings.action}
        placeholder={strings.actionExample}
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        value={action}
        onChange={event => setAction(event.target.value)}
      />
      <Field
        label={strings.person}
        placeholder={strings.personExample}
        type="email"
        maxLength={254}
        autoComplete="off"
        spellCheck={false}
        value={person}
        onChange={event => setPerson(event.target.value)}
      />
      <SuggestField label={strings.device} placeholder={strings.deviceExample} suggest={suggest} onPick={setDeviceId} />
      <PeriodFields period={period} onChange={setPeriod} />
    </div>
  )
}
