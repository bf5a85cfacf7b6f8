import type { Page } from 'playwright'

/** Presses Shift again and again in the picture that has the keyboard, as fast as the browser takes it. */
export function keepTyping(page: Page): { stop(): Promise<void> } {
  let isStopped = false
  const typing = (async () => {
    while (!isStopped) await page.keyboard.press('Shift', { delay: 15 })
  })()
  return {
    stop() {
      isStopped = true
      return typing
    },
  }
}
