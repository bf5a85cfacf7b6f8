import { encode } from 'uqr'
import { element } from './element.ts'

const MODULE_PIXELS = 5
/** What readers need around it, in modules. */
const QUIET = 4

/** Drawn dark on white in both colour schemes: many readers take nothing else. */
export function qrCode(text: string, label: string): HTMLCanvasElement {
  const { data, size } = encode(text, { border: QUIET })
  const pixels = size * MODULE_PIXELS
  const canvas = element('canvas', {
    attributes: { role: 'img', 'aria-label': label },
    set: { width: pixels, height: pixels },
  })
  const context = canvas.getContext('2d')
  if (!context) return canvas
  context.fillStyle = '#fff'
  context.fillRect(0, 0, pixels, pixels)
  context.fillStyle = '#000'
  for (const [y, row] of data.entries())
    for (const [x, isDark] of row.entries())
      if (isDark) context.fillRect(x * MODULE_PIXELS, y * MODULE_PIXELS, MODULE_PIXELS, MODULE_PIXELS)
  return canvas
}
