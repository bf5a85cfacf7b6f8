/**
 * Runs `show`, but not between the two halves of a press: a button that is replaced under the pointer never hears its click, and the person's "Pause" would be
 * lost to a line of chat that came in the same moment. A key presses by being let go too: the space bar.
 */
export function afterPresses(show: () => void): () => void {
  let isPressed = false
  let isDue = false
  const released = () => {
    // After the click, which follows the release.
    setTimeout(() => {
      isPressed = false
      if (!isDue) return
      isDue = false
      show()
    })
  }
  document.addEventListener('pointerdown', () => (isPressed = true), { capture: true })
  document.addEventListener('keydown', event => (isPressed ||= event.key === ' ' && isButton(event.target)), {
    capture: true,
  })
  document.addEventListener('keyup', event => event.key === ' ' && released(), { capture: true })
  // Whoever leaves with a key held down lets it go elsewhere.
  window.addEventListener('blur', released)
  for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, released, { capture: true })
  return () => {
    if (isPressed) isDue = true
    else show()
  }
}

const isButton = (target: EventTarget | null) => target instanceof HTMLButtonElement
