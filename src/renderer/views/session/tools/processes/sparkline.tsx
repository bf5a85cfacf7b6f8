import { useEffect, useState } from 'react'

const WIDTH = 72
const HEIGHT = 16

/** The course of a value; `top` is the least that fills the height. Its name is the number beside it. */
export function Sparkline({
  values,
  top,
  width = WIDTH,
  height = HEIGHT,
  isFilled = false,
}: {
  values: readonly number[]
  top: number
  width?: number
  height?: number
  /** For the few that are large: a table has one in each row. */
  isFilled?: boolean
}) {
  const most = Math.max(top, ...values)
  const step = width / 39
  const left = width - (values.length - 1) * step
  const points = values.map(
    (value, index) => `${(left + index * step).toFixed(1)},${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`,
  )
  return (
    <svg aria-hidden="true" width={width} height={height} className="inline-block text-accent">
      {isFilled && values.length > 1 ? (
        <polygon
          points={`${left.toFixed(1)},${height} ${points.join(' ')} ${width.toFixed(1)},${height}`}
          fill="currentColor"
          opacity="0.15"
        />
      ) : null}
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.25" strokeLinejoin="round" />
    </svg>
  )
}

/** As long as a row that scrolls by is in the document, or longer. */
const STAYS_AFTER_MS = 120

/** One of a long list's: rows that only scroll by are without it, since it is most of what a row costs. */
export function RowSparkline(props: { values: readonly number[]; top: number }) {
  const [stays, setStays] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setStays(true), STAYS_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return stays && props.values.length > 1 ? <Sparkline {...props} /> : null
}
