import { ANSWERS, type Answer, type Answers, axisTop } from './report-numbers.ts'
import { strings } from './report-strings.ts'

export interface Bar {
  readonly key: string
  readonly label: string
  readonly answers: Answers
}

/** A bar is stacked in the legend's order, and its title has the words and numbers: no colour stands alone. */
const FILLS: Readonly<Record<Answer, string>> = {
  granted: 'fill-accent',
  denied: 'fill-danger',
  noAnswer: 'fill-warn-text',
  notAsked: 'fill-line-strong',
  unattended: 'fill-ok-text',
}
const SWATCHES: Readonly<Record<Answer, string>> = {
  granted: 'bg-accent',
  denied: 'bg-danger',
  noAnswer: 'bg-warn-text',
  notAsked: 'bg-line-strong',
  unattended: 'bg-ok-text',
}

const WIDTH = 1000
const HEIGHT = 168
const LEFT = 34
const BOTTOM = 20
/** Room for half a line of text. */
const TOP = 10

/** Bars side by side, for days. The table under it says the same in numbers. */
export function DayChart({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const top = axisTop(Math.max(...bars.map(totalOf)))
  const step = (WIDTH - LEFT) / bars.length
  const y = (value: number) => (HEIGHT - BOTTOM) * (1 - value / top)
  const every = Math.ceil(bars.length / 12)
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT + TOP}`} className="w-full">
      {[0, 0.25, 0.5, 0.75, 1].map(part => (
        <g key={part} transform={`translate(0 ${y(top * part) + TOP})`}>
          <line x1={LEFT} x2={WIDTH} className="stroke-line" />
          <text x={LEFT - 6} y={4} textAnchor="end" className="fill-muted text-xs">
            {top * part}
          </text>
        </g>
      ))}
      {bars.map((bar, index) => (
        <g key={bar.key} transform={`translate(${LEFT + index * step} ${TOP})`}>
          <title>{titleOf(bar)}</title>
          <rect width={step} height={HEIGHT - BOTTOM} fill="transparent" />
          {stack(bar.answers).map(({ answer, from, to }) => (
            <rect
              key={answer}
              x={step * 0.18}
              width={step * 0.64}
              y={y(to)}
              height={y(from) - y(to)}
              className={FILLS[answer]}
            />
          ))}
          {index % every === 0 ? (
            <text x={step / 2} y={HEIGHT - 4} textAnchor="middle" className="fill-muted text-xs">
              {bar.label}
            </text>
          ) : null}
        </g>
      ))}
    </svg>
  )
}

/** Bars under each other, for names of any length. */
export function NameChart({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const top = Math.max(1, ...bars.map(totalOf))
  return (
    <ul aria-label={label} className="flex flex-col gap-1.5">
      {bars.map(bar => (
        <li key={bar.key} title={titleOf(bar)} className="grid grid-cols-[180px_minmax(0,1fr)_48px] items-center gap-3">
          <span className="truncate">{bar.label}</span>
          <span aria-hidden className="flex h-4 overflow-hidden rounded-sm">
            {ANSWERS.map(answer => (
              <span
                key={answer}
                className={SWATCHES[answer]}
                style={{ width: `${(bar.answers[answer] / top) * 100}%` }}
              />
            ))}
          </span>
          <span className="text-right tabular-nums">{totalOf(bar)}</span>
        </li>
      ))}
    </ul>
  )
}

export const ChartLegend = ({ answers }: { answers: Answers }) => (
  <ul className="flex flex-wrap gap-x-5 gap-y-1">
    {ANSWERS.filter(answer => answers[answer] > 0).map(answer => (
      <li key={answer} className="flex items-center gap-1.5">
        <span aria-hidden className={`size-2.5 rounded-sm ${SWATCHES[answer]}`} />
        {strings.answers[answer]} <span className="text-muted tabular-nums">{answers[answer]}</span>
      </li>
    ))}
  </ul>
)

const totalOf = ({ answers }: Bar) => ANSWERS.reduce((sum, answer) => sum + answers[answer], 0)

const titleOf = (bar: Bar) =>
  [bar.label, ...ANSWERS.map(answer => `${strings.answers[answer]}: ${bar.answers[answer]}`)].join('\n')

function stack(answers: Answers): { answer: Answer; from: number; to: number }[] {
  let from = 0
  return ANSWERS.map(answer => {
    const part = { answer, from, to: from + answers[answer] }
    from = part.to
    return part
  })
}
