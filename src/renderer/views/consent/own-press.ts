import type { ConsentBridge } from '../../stores/bridge.ts'

/** A press of hardware that the page itself has not heard of. */
export const OWN_PRESS = 'own-press'
/** The page's own word of a press comes in this time, unless another program holds the pointer. */
const HEARD_WITHIN_MS = 60

/** Gives presses of hardware that nobody told the page about to what stands there. */
export function giveOwnPresses(bridge: ConsentBridge): void {
  let heardAtMs = Number.NEGATIVE_INFINITY
  document.addEventListener('pointerdown', () => (heardAtMs = performance.now()), { capture: true })
  bridge.on.pressed(({ x, y }) => {
    const saidAtMs = performance.now()
    setTimeout(() => {
      if (heardAtMs > saidAtMs - 2 * HEARD_WITHIN_MS) return
      const at = document.elementFromPoint(x / devicePixelRatio, y / devicePixelRatio)
      at?.closest('button')?.dispatchEvent(new CustomEvent(OWN_PRESS))
    }, HEARD_WITHIN_MS)
  })
}
