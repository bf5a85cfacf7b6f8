export interface Size {
  readonly width: number
  readonly height: number
}
export interface Box extends Size {
  readonly left: number
  readonly top: number
}
export interface Point {
  readonly x: number
  readonly y: number
}
/** `fit` scales the whole picture into the viewport; `actual` shows one picture pixel on one screen pixel and scrolls. */
export type Zoom = 'fit' | 'actual'

/** Where the picture stands inside the viewport's content, in CSS pixels, centred where there is room. */
export function layoutPicture(viewport: Size, picture: Size, zoom: Zoom, devicePixelRatio: number): Box {
  const scale =
    zoom === 'actual'
      ? 1 / devicePixelRatio
      : Math.min(viewport.width / picture.width, viewport.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  const left = Math.max(0, Math.floor((viewport.width - width) / 2))
  const top = Math.max(0, Math.floor((viewport.height - height) / 2))
  return { left, top, width, height }
}

/** Whether a point of the window is on the picture and not on the bars beside it. */
export function isInside(client: Point, shown: Box): boolean {
  const x = client.x - shown.left
  const y = client.y - shown.top
  return x >= 0 && y >= 0 && x < shown.width && y < shown.height
}

/** The picture's pixel under a point of the window; the nearest one where the point is beside the picture (a drag that left it). */
export function toPicturePixel(client: Point, shown: Box, picture: Size): Point {
  const along = (position: number, start: number, shownLength: number, pixels: number) =>
    Math.min(pixels - 1, Math.max(0, Math.floor(((position - start) / shownLength) * pixels)))
  return {
    x: along(client.x, shown.left, shown.width, picture.width),
    y: along(client.y, shown.top, shown.height, picture.height),
  }
}

/** Encoders may shrink the video under load, so the display's own size is the truth as long as both have the same shape. */
export function pictureSize(display: Size | undefined, video: Size): Size {
  if (!display || video.width === 0 || video.height === 0) return display ?? video
  const difference = Math.abs(display.width / display.height - video.width / video.height)
  return difference < 0.02 ? { width: display.width, height: display.height } : video
}
