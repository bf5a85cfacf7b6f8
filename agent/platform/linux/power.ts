import type { XConnection } from './connection.ts'

const POWER_ON = 0

/** Whether DPMS has switched the monitors off. What can't be asked, as on servers without monitors, is awake. */
export async function isPoweredDown(connection: XConnection): Promise<boolean> {
  const dpms = await connection.extension('dpms').catch(() => undefined)
  if (!dpms) return false
  const info = await connection.ask<readonly [number, number]>(answer => dpms.Info(answer))
  return isPowerDown(info)
}

/** Servers keep the last level while DPMS is switched off. */
export function isPowerDown([powerLevel, isEnabled]: readonly [powerLevel: number, isEnabled: number]): boolean {
  return isEnabled !== 0 && powerLevel !== POWER_ON
}
