import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import { type DamageSource, DamageWatch } from './damage.ts'

/** Where a capture takes its pixels from. */
export interface PixelSource {
  watchDamage(onDamage: () => void): Promise<DamageSource>
  /** Answers the drawable that shows these rectangles of the desktop at their places, for the requests that follow at once. */
  prepare(rects: readonly Rect[]): Promise<number> | number
}

/** The screen as it is seen. */
export const wholeScreen = (connection: XConnection): PixelSource => ({
  watchDamage: onDamage => DamageWatch.open(connection, connection.screen.root, onDamage),
  prepare: () => connection.screen.root,
})
