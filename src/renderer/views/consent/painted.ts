/** Long enough for two frames of a slow display; a window that gets no frames at all must not delay the question. */
const FALLBACK_MS = 120

/** Calls back once, after what stands in the document now has been painted. */
export function afterPaint(callback: () => void): void {
  let isDone = false
  const finish = () => {
    if (isDone) return
    isDone = true
    clearTimeout(timer)
    callback()
  }
  const timer = setTimeout(finish, FALLBACK_MS)
  // The first callback runs before the paint, the second after it.
  requestAnimationFrame(() => requestAnimationFrame(finish))
}
