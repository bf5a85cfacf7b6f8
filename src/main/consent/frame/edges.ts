import type { Area } from '../place.ts'

/** Seen at a glance, and too thin to hide anything. */
const THICKNESS = 3

/** The edges of every monitor, but for where the banner stands: the two never take turns in front of each other. */
export function edgesOf(monitors: readonly Area[], banner: Area): Area[] {
  return monitors.flatMap(({ x, y, width, height }) => {
    const sides = { y: y + THICKNESS, width: THICKNESS, height: height - 2 * THICKNESS }
    const top = { x, y, width, height: THICKNESS }
    return [
      ...besides(top, banner),
      { x, y: y + height - THICKNESS, width, height: THICKNESS },
      { ...sides, x },
      { ...sides, x: x + width - THICKNESS },
    ]
  })
}

function besides(edge: Area, banner: Area): Area[] {
  const isApart = banner.y >= edge.y + edge.height || banner.y + banner.height <= edge.y
  if (isApart || banner.x >= edge.x + edge.width || banner.x + banner.width <= edge.x) return [edge]
  const right = banner.x + banner.width
  const parts = [
    { ...edge, width: banner.x - edge.x },
    { ...edge, x: right, width: edge.x + edge.width - right },
  ]
  return parts.filter(({ width }) => width > 0)
}
