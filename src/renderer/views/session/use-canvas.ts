import { type RefObject, useLayoutEffect } from 'react'

/** Puts the connection's canvas into `element`. It is the connection's and not React's: what it shows outlives every view of it. */
export function useCanvas(
  element: RefObject<HTMLElement | null>,
  canvas: HTMLCanvasElement | undefined,
  { label, cursor }: { label: string; cursor: string },
): void {
  useLayoutEffect(() => {
    const parent = element.current
    if (!parent || !canvas) return
    canvas.role = 'img'
    canvas.className = 'block size-full'
    parent.prepend(canvas)
    return () => canvas.remove()
  }, [element, canvas])
  useLayoutEffect(() => {
    if (!canvas) return
    canvas.ariaLabel = label
    canvas.style.cursor = cursor
  }, [canvas, label, cursor])
}
