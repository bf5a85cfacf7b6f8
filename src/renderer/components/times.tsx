import { agoText, clockText, exactText, leftText, momentText } from './format/duration.ts'
import { useNow } from './use-now.ts'

/** How long ago, with the exact local time on hover. `atMs` is epoch ms. */
export function Ago({ atMs }: { atMs: number }) {
  const now = useNow(30_000)
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exactText(atMs)}>
      {agoText(atMs, now)}
    </time>
  )
}

/** Counts up live. */
export function Elapsed({ sinceMs }: { sinceMs: number }) {
  const now = useNow(1_000)
  return (
    <time title={exactText(sinceMs)} className="tabular-nums">
      {clockText(now - sinceMs)}
    </time>
  )
}

/** Counts down live. */
export function Left({ untilMs }: { untilMs: number }) {
  const now = useNow(500)
  return <span className="tabular-nums">{leftText(untilMs, now)}</span>
}

/** What is left of a known span, as a bar that shrinks. The words beside it say the same, so it is hidden from screen readers. */
export function LeftBar({ untilMs, spanMs }: { untilMs: number; spanMs: number }) {
  const now = useNow(250)
  const part = Math.min(1, Math.max(0, (untilMs - now) / spanMs))
  return (
    <div aria-hidden className="h-1 w-full overflow-hidden rounded-full bg-line">
      <div
        className="h-full rounded-full bg-accent transition-[width] duration-300 ease-linear"
        style={{ width: `${part * 100}%` }}
      />
    </div>
  )
}

/** A date with its time, in the person's own writing; the exact one on hover. */
export function Moment({ atMs }: { atMs: number }) {
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exactText(atMs)}>
      {momentText(atMs)}
    </time>
  )
}
