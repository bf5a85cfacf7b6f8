import { type RefObject, useEffect, useRef } from 'react'
import { isInside, type Size, toPicturePixel } from '../../session/geometry.ts'
import type { InputSender } from '../../session/input-sender.ts'
import { WheelAccumulator } from '../../session/wheel.ts'

interface PointerInputOptions {
  readonly sender: InputSender
  readonly picture: Size
  readonly isEnabled: boolean
  /** Takes the focus with a click, so that keys go where the pointer is. */
  readonly keyboard: RefObject<HTMLElement | null>
  /** The operator's own pointer leads now. */
  readonly onMove: () => void
}

/** The pointer over the picture becomes the device's. A drag that leaves the picture goes on along its edge. */
export function usePointerInput(
  viewportElement: RefObject<HTMLElement | null>,
  pictureElement: RefObject<HTMLElement | null>,
  options: PointerInputOptions,
): void {
  const latest = useRef(options)
  latest.current = options

  useEffect(() => {
    const viewport = viewportElement.current
    const shownPicture = pictureElement.current
    if (!viewport || !shownPicture) return
    const wheel = new WheelAccumulator()
    const listeners = new AbortController()
    const { signal } = listeners

    const pixelUnder = (event: MouseEvent) => {
      const { picture, sender } = latest.current
      const shown = shownPicture.getBoundingClientRect()
      const client = { x: event.clientX, y: event.clientY }
      if (picture.width === 0 || shown.width === 0) return undefined
      if (!sender.isDragging && !isInside(client, shown)) return undefined
      return toPicturePixel(client, shown, picture)
    }
    const handleMove = (event: PointerEvent) => {
      const { sender, isEnabled } = latest.current
      if (!isEnabled) return
      // A second button that goes down or up while one is held arrives as a movement.
      if (event.button >= 0) return handleButton(event, (event.buttons & buttonBit(event.button)) !== 0)
      const point = pixelUnder(event)
      if (!point) return
      latest.current.onMove()
      sender.move(point)
    }
    const handleButton = (event: PointerEvent, pressed: boolean) => {
      latest.current.keyboard.current?.focus({ preventScroll: true })
      if (!latest.current.isEnabled) return
      const point = pixelUnder(event)
      if (!point) return
      if (pressed) viewport.setPointerCapture(event.pointerId)
      latest.current.sender.button(event.button, pressed, point)
    }
    const isScrollbar = (event: MouseEvent) => {
      const { left, top } = viewport.getBoundingClientRect()
      return event.clientX - left >= viewport.clientWidth || event.clientY - top >= viewport.clientHeight
    }
    const handleDown = (event: PointerEvent) => {
      if (isScrollbar(event)) return
      handleButton(event, true)
    }
    // Keeps the focus on the keyboard's element, and Chromium's autoscroll and drag of the picture away.
    const handleMouseDown = (event: MouseEvent) => {
      if (!isScrollbar(event)) event.preventDefault()
    }
    const handleWheel = (event: WheelEvent) => {
      const { sender, isEnabled } = latest.current
      const point = isEnabled ? pixelUnder(event) : undefined
      if (!point) return
      event.preventDefault()
      const turn = wheel.add(event, event.timeStamp)
      if (turn) sender.scroll(turn, point)
    }
    // A capture that the system takes away would leave its buttons down on the device.
    const handleLost = () => {
      if (latest.current.sender.isDragging) latest.current.sender.releaseAll()
    }

    viewport.addEventListener('pointermove', handleMove, { signal })
    viewport.addEventListener('pointerdown', handleDown, { signal })
    viewport.addEventListener('pointerup', event => handleButton(event, false), { signal })
    viewport.addEventListener('pointercancel', handleLost, { signal })
    viewport.addEventListener('lostpointercapture', handleLost, { signal })
    viewport.addEventListener('wheel', handleWheel, { signal, passive: false })
    viewport.addEventListener('mousedown', handleMouseDown, { signal })
    for (const type of ['contextmenu', 'auxclick', 'dragstart'] as const) {
      viewport.addEventListener(type, event => event.preventDefault(), { signal })
    }
    return () => listeners.abort()
  }, [viewportElement, pictureElement])
}

/** The bit of `MouseEvent.buttons` for a `MouseEvent.button`: the two number the middle and right ones the other way round. */
const buttonBit = (button: number) => [1, 4, 2, 8, 16][button] ?? 0
