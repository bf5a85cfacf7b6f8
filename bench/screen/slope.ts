export interface Point {
  readonly x: number
  readonly y: number
}

/** How much `y` grows with each whole `x`, by least squares; 0 for fewer than two points. */
export function slopeOf(points: readonly Point[]): number {
  const mean = (pick: (point: Point) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / Math.max(1, points.length)
  const [meanX, meanY] = [mean(point => point.x), mean(point => point.y)]
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  return spread === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread
}
