import type { MouseEvent } from 'react'

/**
 * Selects a tab by the pointer without giving it the focus: the library's own handler focuses by script, which draws a keyboard's ring,
 * and what was typed next would go to the tab instead of the device.
 */
export function selectQuietly(event: MouseEvent, select: () => void): void {
  if (event.button !== 0 || event.ctrlKey) return
  event.preventDefault()
  select()
}
