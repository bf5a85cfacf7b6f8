import { percentile } from '../../testing/world/received-picture.ts'
import type { Contender } from './contender.ts'
import { startPainter } from './painter/program.ts'
import type { Sampler } from './sampler.ts'
import { CLICK_PATCH } from './workload-names.ts'

export interface ClickFigures {
  readonly p50: number
  readonly p95: number
}

const CLICKS = 48
/** The first ones find caches cold. */
const WARM_UP_CLICKS = 4
const SETTLE_MS = 1_500
/** Between clicks, in steps that don't go with the frames of either side. */
const pauseMs = (click: number) => 150 + ((click * 37) % 100)

/** Clicks in the viewer's picture through the product's own input path; the display answers with another patch. */
export async function measureClicks(
  { display, page }: Contender,
  sampler: Sampler,
  clicks = CLICKS,
): Promise<ClickFigures> {
  const painter = await startPainter(display, 'click')
  try {
    await wait(SETTLE_MS)
    const { x, y, width, height } = CLICK_PATCH
    const target = await sampler.pagePoint(x + width / 2, y + height * 1.5)
    await page.mouse.move(target.x, target.y)
    const answers: number[] = []
    for (let click = 0; click < WARM_UP_CLICKS + clicks; click++) {
      await wait(pauseMs(click))
      await sampler.armClick()
      await page.mouse.down()
      await page.mouse.up()
      const ms = await sampler.clickToPixelMs()
      if (ms === null) console.error(`bench: click ${click} showed nothing`)
      else if (click >= WARM_UP_CLICKS) answers.push(ms)
    }
    return { p50: percentile(answers, 0.5), p95: percentile(answers, 0.95) }
  } finally {
    await painter.stop()
  }
}

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
