import type { BannerRoom } from './banner-room.ts'

/** Where the consent window stands on the whole desktop. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const DIALOG = { width: 720, height: 740 }
const BANNER = { width: 960, height: 64 }
/** As the page has it. */
const LINE_HEIGHT = 20
const STRIP: BannerRoom = { moreLines: 0, beneath: 0 }

/** In the middle of `monitor`, a little smaller where the monitor is small. */
export function dialogPlace(monitor: Area): Area {
  const { width, height } = shrink(DIALOG, monitor)
  const y = monitor.y + Math.round((monitor.height - height) / 2)
  return { x: centre(monitor, width), y, width, height }
}

/** A strip in the middle of the upper edge of `monitor`, with room for more beneath it where that is needed. */
export function bannerPlace(monitor: Area, { moreLines, beneath }: BannerRoom = STRIP): Area {
  const { width, height } = shrink({ ...BANNER, height: BANNER.height + moreLines * LINE_HEIGHT + beneath }, monitor)
  return { x: centre(monitor, width), y: monitor.y, width, height }
}

/** The dialog's size before anyone knows the monitor. */
export const DIALOG_SIZE: { readonly width: number; readonly height: number } = DIALOG

function shrink(size: typeof DIALOG, monitor: Area) {
  return { width: Math.min(size.width, monitor.width), height: Math.min(size.height, monitor.height) }
}

function centre(monitor: Area, width: number): number {
  return monitor.x + Math.round((monitor.width - width) / 2)
}
