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
