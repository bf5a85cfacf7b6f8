import { useCallback, useRef, useState } from 'react'
import type { Verification } from '#ipc/verification.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Facts } from '../../components/drawer.tsx'
import { Notice } from '../../components/notice.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Moment } from '../../components/times.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { useApp } from '../app-context.ts'
import { useLoaded } from '../use-loaded.ts'
import { strings } from './strings.ts'

type Fact = readonly [name: string, value: React.ReactNode]

/** The keys that this app goes by, as words, with their history. */
export function KeysDialog() {
  const app = useApp()
  const { state, reload } = useLoaded(useCallback(() => app.verification(), [app]))
  const close = () => app.ui.setState({ dialog: null })
  return (
    <Dialog title={strings.title} onClose={close} className="w-[720px]">
      <p className="text-muted">{strings.lead}</p>
      <div className="mt-4 flex max-h-[60vh] flex-col gap-5 overflow-y-auto">
        {state.name === 'loading' ? <Waiting words={strings.loading} /> : null}
        {state.name === 'failed' ? (
          <Notice
            tone="danger"
            action={
              <Button isSmall onClick={() => void reload()}>
                {strings.retry}
              </Button>
            }
          >
            {state.refusal.message}
          </Notice>
        ) : null}
        {state.name === 'ready' ? <Parts verification={state.value} /> : null}
      </div>
      <div className="mt-5 flex justify-end">
        <Button onClick={close}>{strings.close}</Button>
      </div>
    </Dialog>
  )
}

function Parts({ verification: { own, organisation, devices } }: { verification: Verification }) {
  return (
    <>
      <Key title={strings.own} words={own.words} hint={strings.ownHint} problem={own.problem} facts={ownFacts(own)} />
      {organisation ? (
        <Key
          title={strings.organisation}
          words={organisation.words}
          hint={organisation.strict ? strings.strict : strings.notStrict}
          problem={organisation.problem}
          facts={historyFacts(organisation.history)}
        />
      ) : null}
      <Devices devices={devices} />
    </>
  )
}

const ownFacts = ({ sinceMs, certificate, expiresAtMs }: Verification['own']): Fact[] => [
  [strings.since, <Moment key="since" atMs={sinceMs} />],
  [
    strings.certificate,
    <span key="certificate">
      {strings.certificates[certificate]} {expiresAtMs === null ? null : <Moment atMs={expiresAtMs} />}
    </span>,
  ],
]

const historyFacts = (history: readonly { words: string; atMs: number }[]): Fact[] =>
  history.map(({ words, atMs }, index) => [
    index === 0 ? strings.firstSeen : index === 1 ? strings.changed : `${strings.changed} (${index})`,
    <span key={atMs}>
      <Moment atMs={atMs} />
      {history.length > 1 ? <span className="block text-xs text-muted">{words}</span> : null}
    </span>,
  ])

function Key(props: {
  title: string
  words: string
  hint?: string
  problem?: { readonly message: string } | null
  facts: readonly Fact[]
}) {
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="font-semibold">{props.title}</h3>
      <p data-selectable className="font-mono break-words">
        {props.words}
      </p>
      {props.hint ? <p className="text-xs text-muted">{props.hint}</p> : null}
      {props.problem ? <Notice tone="danger">{props.problem.message}</Notice> : null}
      <Facts facts={props.facts} />
    </section>
  )
}

function Devices({ devices }: Pick<Verification, 'devices'>) {
  const [query, setQuery] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const wanted = query.trim().toLowerCase()
  const shown = devices.filter(({ deviceName, words }) => `${deviceName} ${words}`.toLowerCase().includes(wanted))
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-4">
      <div className="flex items-center justify-between gap-3">
        <h2 className="font-semibold">{strings.devices}</h2>
        {devices.length > 0 ? (
          <SearchField
            label={strings.search}
            value={query}
            onChange={setQuery}
            onDown={() => undefined}
            field={field}
          />
        ) : null}
      </div>
      {shown.length === 0 ? (
        <p className="text-muted">{devices.length === 0 ? strings.noDevices : strings.noMatch}</p>
      ) : null}
      {shown.map(device => (
        <Key
          key={device.deviceId}
          title={device.deviceName}
          words={device.words}
          facts={[
            [strings.firstSeen, <Moment key="first" atMs={device.firstSeenAtMs} />],
            [strings.lastUsed, <Moment key="last" atMs={device.lastUsedAtMs} />],
            ...device.refused.map(
              ({ words, atMs }, index) =>
                [
                  index === 0 ? strings.refused : `${strings.refused} ${index + 1}`,
                  <span key={atMs} className="text-danger-text">
                    <Moment atMs={atMs} /> <span className="font-mono">{words}</span>
                  </span>,
                ] as const,
            ),
          ]}
        />
      ))}
    </section>
  )
}
