import type { CursorImage } from '../../session/cursor-image.ts'
import type { Point } from '../../session/geometry.ts'

/** The device's own pointer over the picture, as large as the picture makes it. */
export function DevicePointer(props: { at: Point; image: NonNullable<CursorImage['picture']>; scale: number }) {
  const { at, image, scale } = props
  return (
    <img
      alt=""
      data-testid="device-pointer"
      src={image.url}
      draggable={false}
      className="pointer-events-none absolute top-0 left-0 max-w-none origin-top-left"
      style={{
        width: image.size.width * scale,
        height: image.size.height * scale,
        translate: `${(at.x - image.hotspot.x) * scale}px ${(at.y - image.hotspot.y) * scale}px`,
      }}
    />
  )
}
