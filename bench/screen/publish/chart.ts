import { type TitledProduct, type WorkloadResult, workloadOf } from './result.ts'

interface Column {
  readonly title: string
  readonly value: (figures: WorkloadResult) => number | null
  readonly text: (figures: WorkloadResult) => string
}

const ROWS = ['typing', 'scroll', 'windows', 'video']
const COLUMNS: readonly Column[] = [
  { title: 'frames a second', value: each => each.fps, text: each => each.fps.toFixed(0) },
  {
    title: 'latency, ms (p50 / p95)',
    value: each => each.p50Ms,
    text: each => `${each.p50Ms ?? '–'} / ${each.p95Ms ?? '–'}`,
  },
  { title: 'kB a second', value: each => each.kBps, text: each => each.kBps.toFixed(0) },
  { title: 'CPU of the host, %', value: each => each.hostCpuPct, text: each => each.hostCpuPct.toFixed(0) },
]
const SIZE = { label: 70, column: 205, bar: 14, gap: 4, header: 56, rowGap: 22, valueRoom: 75 }
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .title { font-weight: 600 }
  .line { stroke: #8886 }
  .p0 { fill: #1f6feb } .p1 { fill: #8c6d31 } .p2 { fill: #768390 }
  @media (prefers-color-scheme: dark) {
    text { fill: #d0d7de }
    .p0 { fill: #58a6ff } .p1 { fill: #c69b4a } .p2 { fill: #8b949e }
  }`

/** Bars by workload and figure, each figure to the scale of its own cell. Without a background: it stands on a light page and on a dark one. */
export function chartOf(products: readonly TitledProduct[]): string {
  const rowHeight = products.length * (SIZE.bar + SIZE.gap) + SIZE.rowGap
  const width = SIZE.label + COLUMNS.length * SIZE.column
  const height = SIZE.header + ROWS.length * rowHeight
  const cells = ROWS.flatMap((row, rowIndex) => {
    const y = SIZE.header + rowIndex * rowHeight
    return [
      `<text class="title" x="0" y="${y + 12}">${row}</text>`,
      `<line class="line" x1="0" x2="${width}" y1="${y - 10}" y2="${y - 10}"/>`,
      ...COLUMNS.map((column, index) => cellOf(products, row, column, SIZE.label + index * SIZE.column, y)),
    ]
  })
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="The screen, Handhold and peers">`,
    `<style>${STYLE}\n</style>`,
    ...products.map(({ title }, index) => legendOf(title, index)),
    ...COLUMNS.map(
      ({ title }, index) => `<text class="title" x="${SIZE.label + index * SIZE.column}" y="38">${title}</text>`,
    ),
    ...cells,
    '</svg>',
  ]
  return `${parts.join('\n')}\n`
}

function cellOf(products: readonly TitledProduct[], row: string, column: Column, x: number, y: number): string {
  const figures = products.map(({ product }) => workloadOf(product, row))
  const most = Math.max(1e-9, ...figures.map(each => (each ? (column.value(each) ?? 0) : 0)))
  const room = SIZE.column - SIZE.valueRoom
  return figures
    .map((each, index) => {
      if (!each) return ''
      const length = Math.max(1, ((column.value(each) ?? 0) / most) * room)
      const top = y + index * (SIZE.bar + SIZE.gap)
      const bar = `<rect class="p${index}" x="${x}" y="${top}" width="${length.toFixed(1)}" height="${SIZE.bar}" rx="2"/>`
      return `${bar}<text x="${(x + length + 5).toFixed(1)}" y="${top + 11}">${column.text(each)}</text>`
    })
    .join('')
}

const legendOf = (title: string, index: number) =>
  `<rect class="p${index}" x="${SIZE.label + index * 160}" y="4" width="12" height="12" rx="2"/><text x="${SIZE.label + 18 + index * 160}" y="14">${title}</text>`
