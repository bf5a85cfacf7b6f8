import { Check, ScanSearch, X } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { Explanation } from '#protocol/policy/http.ts'
import { Field } from '../../../components/field.tsx'
import { Select } from '../../../components/select.tsx'
import { Status } from '../../../components/status.tsx'
import { useFoundDevices } from '../../devices/use-found-devices.ts'
import { Centred, FailedPage, LoadingPage } from '../../page-states.tsx'
import { useDebounced } from '../../use-debounced.ts'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { CAPABILITY_WORDS } from './capability-words.ts'
import { settingLabel, settingText } from './setting-words.ts'
import { explainStrings as strings } from './strings.ts'
import { type NamedPerson, usePolicy } from './use-policy.ts'

const LISTED_MAX = 100

/** Why somebody may or may not do something on a device: the whole decision, each with the line of the policy that made it. */
export function Explain() {
  const { state, reload } = usePolicy()
  if (state.name === 'loading') return <LoadingPage words={strings.loading} />
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  return (
    <section aria-label={strings.title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="px-5 pt-4 pb-3">
        <h1 className="text-lg font-semibold">{strings.title}</h1>
        <p className="text-muted">{strings.lead}</p>
      </header>
      <Choice people={state.value.people} />
    </section>
  )
}

function Choice({ people }: { people: readonly NamedPerson[] }) {
  const [operatorId, setOperatorId] = useState(people[0]?.id ?? '')
  const [query, setQuery] = useState('')
  const [chosenId, setChosenId] = useState('')
  const q = useDebounced(query.trim())
  const { state, reload, found } = useFoundDevices(q, LISTED_MAX)
  const listed = found?.devices ?? []
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  if (found?.total === 0 && q === '')
    return (
      <Centred icon={<ScanSearch aria-hidden size={28} />} title={strings.noDevices}>
        {null}
      </Centred>
    )
  const deviceId = listed.some(({ id }) => id === chosenId) ? chosenId : (listed[0]?.id ?? '')
  return (
    <>
      <div className="grid max-w-[840px] grid-cols-3 gap-4 px-5 pb-4">
        <Select
          label={strings.person}
          value={operatorId}
          onChange={setOperatorId}
          options={people.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }))}
        />
        <Field
          label={strings.deviceSearch}
          type="search"
          maxLength={200}
          value={query}
          {...(found?.nextCursor ? { hint: strings.deviceHint(listed.length, found.total ?? 0) } : {})}
          onChange={event => setQuery(event.target.value)}
        />
        <Select
          label={strings.device}
          value={deviceId}
          onChange={setChosenId}
          options={listed.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </div>
      {operatorId && deviceId ? <Answer operatorId={operatorId} deviceId={deviceId} /> : null}
    </>
  )
}

function Answer({ operatorId, deviceId }: { operatorId: string; deviceId: string }) {
  const { call } = useAdmin()
  const load = useCallback(() => call.explain({ operatorId, deviceId }), [call, operatorId, deviceId])
  const { state, reload } = useLoaded(load)
  if (state.name === 'loading') return <LoadingPage words={strings.asking} />
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  const { groupPath, capabilities, settings } = state.value
  const allowed = capabilities.filter(entry => entry.allowed).length
  return (
    <div className="min-h-0 flex-1 overflow-y-auto border-t border-line bg-surface px-5 py-3">
      <p role="status" data-selectable>
        {strings.summary(allowed, capabilities.length)} {strings.group}: <strong>{groupPath}</strong>
      </p>
      <div className="mt-3 grid grid-cols-[3fr_2fr] items-start gap-8">
        <Decisions capabilities={capabilities} />
        <SettingLines settings={settings} />
      </div>
    </div>
  )
}

const CELL = 'border-b border-line py-1 pr-3 align-top break-words'
const HEAD = 'border-b border-line py-1 pr-3 text-xs font-normal text-muted'

const Decisions = ({ capabilities }: Pick<Explanation, 'capabilities'>) => (
  <table className="w-full border-separate border-spacing-0 text-left">
    <thead>
      <tr>
        <th className={HEAD}>{strings.right}</th>
        <th className={HEAD}>{strings.answer}</th>
        <th className={HEAD}>{strings.line}</th>
      </tr>
    </thead>
    <tbody data-selectable>
      {capabilities.map(({ capability, allowed, line }) => (
        <tr key={capability}>
          <td className={CELL}>{CAPABILITY_WORDS[capability]}</td>
          <td className={`${CELL} whitespace-nowrap`}>
            <Status
              tone={allowed ? 'ok' : 'danger'}
              icon={allowed ? Check : X}
              word={allowed ? strings.may : strings.mayNot}
            />
          </td>
          <td className={`${CELL} text-muted`}>{line}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

const SettingLines = ({ settings }: Pick<Explanation, 'settings'>) => (
  <table className="w-full border-separate border-spacing-0 text-left">
    <caption className="sr-only">{strings.settingsHeading}</caption>
    <thead>
      <tr>
        <th className={HEAD}>{strings.setting}</th>
        <th className={HEAD}>{strings.value}</th>
        <th className={HEAD}>{strings.from}</th>
      </tr>
    </thead>
    <tbody data-selectable>
      {settings.map(({ key, value, from }) => (
        <tr key={key}>
          <td className={CELL}>{settingLabel(key)}</td>
          <td className={CELL}>{settingText(key, value)}</td>
          <td className={`${CELL} text-muted`}>{from ?? strings.standard}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
