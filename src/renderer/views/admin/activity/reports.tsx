import { ChartColumn } from 'lucide-react'
import { useCallback, useMemo, useState } from 'react'
import type { ReportRow } from '#protocol/sessions-http.ts'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { Centred, FailedPage, LoadingPage } from '../../page-states.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { useAct } from '../use-act.ts'
import { type Bar, ChartLegend, DayChart, NameChart } from './report-chart.tsx'
import { allowedPercent, everyDay, totalsOf } from './report-numbers.ts'
import { strings } from './report-strings.ts'
import { END_REASON_WORDS } from './session-strings.ts'

const DAY_MS = 86_400_000
type Dimension = 'day' | 'operator' | 'group'
type Period = '7' | '30' | '90' | '365'

/** What was done in a period: how much, by whom, where, and what the people who were asked said. */
export function Reports() {
  const { call } = useAdmin()
  const [period, setPeriod] = useState<Period>('30')
  const [by, setBy] = useState<Dimension>('day')
  const query = useMemo(() => queryOf(Number(period), by), [period, by])
  const load = useCallback(() => call.report(query), [call, query])
  const { state, reload } = useLoaded(load)
  const { isBusy, refusal, run } = useAct()
  const [saved, setSaved] = useState<string | null>(null)
  const save = () =>
    run(async () => {
      setSaved(null)
      setSaved((await call.saveReport(query))?.name ?? null)
    })
  return (
    <section aria-label={strings.title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex items-center gap-4 px-5 pt-4 pb-3">
        <h1 className="text-lg font-semibold">{strings.title}</h1>
        <Segmented
          label={strings.period}
          value={period}
          onChange={setPeriod}
          options={(['7', '30', '90', '365'] as const).map(value => ({ value, label: strings.periods[value] }))}
        />
        <Segmented
          label={strings.by}
          value={by}
          onChange={setBy}
          options={(['day', 'operator', 'group'] as const).map(value => ({ value, label: strings.dimensions[value] }))}
        />
        <div className="flex-1" />
        {saved ? (
          <span role="status" className="truncate text-muted">
            {strings.saved(saved)}
          </span>
        ) : null}
        <Button disabled={isBusy} onClick={() => void save()}>
          {isBusy ? strings.saving : strings.save}
        </Button>
      </header>
      {refusal ? (
        <Notice tone="danger" className="mx-5 mb-3">
          {refusal}
        </Notice>
      ) : null}
      {state.name === 'loading' ? (
        <LoadingPage words={strings.loading} />
      ) : state.name === 'failed' ? (
        <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
      ) : state.value.rows.length === 0 ? (
        <Centred icon={<ChartColumn aria-hidden size={28} />} title={strings.emptyTitle}>
          <p className="text-muted">{strings.emptyHint}</p>
        </Centred>
      ) : (
        <Report rows={state.value.rows} by={by} days={Number(period)} />
      )}
    </section>
  )
}

function Report({ rows, by, days }: { rows: readonly ReportRow[]; by: Dimension; days: number }) {
  const totals = totalsOf(rows)
  const allowed = allowedPercent(totals.answers)
  const bars = barsOf(rows, by, days)
  const label = strings.chart(strings.dimensions[by])
  const figures = [
    [strings.sessions, totals.sessions.toLocaleString()],
    [strings.minutes, Math.round(totals.minutes).toLocaleString()],
    [strings.average, strings.averageText(totals.minutes / Math.max(1, totals.connected))],
    [strings.allowed, allowed === null ? '–' : `${allowed} %`],
  ]
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto border-t border-line bg-surface px-5 py-4">
      <dl className="grid grid-cols-4 gap-3">
        {figures.map(([name, value]) => (
          <div key={name} className="rounded-md border border-line px-4 py-2.5">
            <dt className="text-muted">{name}</dt>
            <dd data-selectable className="text-xl font-semibold tabular-nums">
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <figure className="flex flex-col gap-3">
        <figcaption className="flex flex-wrap items-baseline justify-between gap-3">
          <span className="font-semibold">{label}</span>
          <ChartLegend answers={totals.answers} />
        </figcaption>
        {by === 'day' ? <DayChart bars={bars} label={label} /> : <NameChart bars={bars} label={label} />}
      </figure>
      <section className="flex flex-col gap-2">
        <h2 className="font-semibold">{strings.outcomes}</h2>
        <dl className="grid grid-cols-3 gap-x-8 gap-y-1">
          {totals.outcomes.map(([reason, count]) => (
            <div key={reason} className="flex justify-between border-b border-line py-1">
              <dt>{END_REASON_WORDS[reason]}</dt>
              <dd data-selectable className="tabular-nums">
                {count}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
}

/** Whole days of the person's own time, the last of them today. */
function queryOf(days: number, by: Dimension) {
  const end = new Date()
  end.setHours(24, 0, 0, 0)
  const toMs = end.getTime()
  return { fromMs: toMs - days * DAY_MS, toMs, by, utcOffsetMinutes: -new Date().getTimezoneOffset() }
}

const NO_ANSWERS = { granted: 0, denied: 0, noAnswer: 0, notAsked: 0, unattended: 0 }

function barsOf(rows: readonly ReportRow[], by: Dimension, days: number): Bar[] {
  if (by !== 'day')
    return rows
      .map((row, index) => ({
        key: String(index),
        label: nameOf(row, by),
        answers: row.consent,
        sessions: row.sessions,
      }))
      .toSorted((a, b) => b.sessions - a.sessions)
  const { fromMs, utcOffsetMinutes } = queryOf(days, by)
  const first = new Date(fromMs + utcOffsetMinutes * 60_000).toISOString().slice(0, 10)
  return everyDay(rows, first, days).map(entry => {
    const day = typeof entry === 'string' ? entry : (entry.day ?? '')
    return { key: day, label: dayText(day), answers: typeof entry === 'string' ? NO_ANSWERS : entry.consent }
  })
}

const nameOf = ({ operator, group }: ReportRow, by: Dimension): string =>
  by === 'operator' ? (operator?.name ?? strings.nobody) : (group?.path ?? strings.nowhere)

const dayText = (day: string): string =>
  new Date(day).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
