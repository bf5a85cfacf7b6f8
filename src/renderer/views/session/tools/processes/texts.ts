const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Three figures and a unit. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`
}

export function upText(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor((seconds % 86_400) / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return days > 0 ? `${days} d ${hours} h` : `${hours} h ${minutes} min`
}

/** Made once: to make one takes longer than to draw a row. */
const START = new Intl.DateTimeFormat(undefined, {
  ...{ month: 'short', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
})

export const startText = (ms: number): string => START.format(ms)
