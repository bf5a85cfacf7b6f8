import { z } from 'zod'

const figure = z.number().nullable()
const workload = z.object({
  fps: z.number(),
  p50Ms: figure,
  p95Ms: figure,
  tornPerS: z.number(),
  kBps: z.number(),
  hostCpuPct: z.number(),
  viewerCpuPct: z.number(),
})
const product = z
  .object({
    clickToPixelMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
    firstFrameMs: z.number(),
    hostRssMiB: z.number(),
    serviceRssMiB: figure,
  })
  .catchall(workload)
const result = z.object({ handhold: product, peers: z.record(z.string(), product) })

export type ProductResult = z.infer<typeof product>
export type WorkloadResult = z.infer<typeof workload>

const TITLES: Readonly<Record<string, string>> = {
  handhold: 'Handhold',
  novncTiger: 'TigerVNC + noVNC',
  meshcentral: 'MeshCentral',
}

export interface TitledProduct {
  readonly title: string
  readonly product: ProductResult
}

/** The last line of `npm run bench -- screen`, products in the order of the run. Throws where it is another text. */
export function readResult(text: string): TitledProduct[] {
  const { handhold, peers } = result.parse(JSON.parse(text.trim().split('\n').at(-1) ?? ''))
  return Object.entries({ handhold, ...peers }).map(([name, product]) => ({ title: TITLES[name] ?? name, product }))
}

/** The figures of one workload; undefined where that one wasn't measured. */
export function workloadOf(product: ProductResult, name: string): WorkloadResult | undefined {
  return workload.safeParse(product[name]).data
}
