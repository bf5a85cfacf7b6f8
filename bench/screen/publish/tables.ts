import { type TitledProduct, type WorkloadResult, workloadOf } from './result.ts'

const WORKLOADS = ['typing', 'scroll', 'windows', 'video', 'idle']

/** The two tables of docs/performance.md. */
export function tablesOf(products: readonly TitledProduct[]): string {
  return `${workloadTable(products)}\n\n${sessionTable(products)}`
}

function workloadTable(products: readonly TitledProduct[]): string {
  const measured = WORKLOADS.filter(name => products.some(({ product }) => workloadOf(product, name)))
  const lines = measured.map(name => [
    name,
    ...products.map(({ product }) => {
      const figures = workloadOf(product, name)
      return figures ? cellOf(figures) : '–'
    }),
  ])
  return table(['frames/s · latency p50/p95 ms · torn/s · kB/s · CPU % host, viewer', ...titlesOf(products)], lines)
}

function cellOf({ fps, p50Ms, p95Ms, tornPerS, kBps, hostCpuPct, viewerCpuPct }: WorkloadResult): string {
  const cpu = `${hostCpuPct}, ${viewerCpuPct}`
  return p50Ms === null ? `${kBps} · ${cpu}` : `${fps} · ${p50Ms}/${p95Ms} · ${tornPerS} · ${kBps} · ${cpu}`
}

function sessionTable(products: readonly TitledProduct[]): string {
  const line = (what: string, pick: (product: TitledProduct['product']) => string | number | null) => [
    what,
    ...products.map(({ product }) => String(pick(product) ?? '–')),
  ]
  return table(
    ['', ...titlesOf(products)],
    [
      line('click to pixel p50/p95, ms', ({ clickToPixelMs: click }) => click && `${click.p50}/${click.p95}`),
      line('first frame, ms', product => product.firstFrameMs),
      line('host RSS, MiB', product => product.hostRssMiB),
      line('service RSS, MiB', product => product.serviceRssMiB),
    ],
  )
}

const titlesOf = (products: readonly TitledProduct[]) => products.map(({ title }) => title)

function table(head: readonly string[], lines: ReadonlyArray<readonly string[]>): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [row(head), `|${'---|'.repeat(head.length)}`, ...lines.map(row)].join('\n')
}
