import type { Rectangle, XConnection } from './connection.ts'

/** The monitor that the person calls their main one; the whole screen where the server doesn't know monitors. */
export async function primaryMonitor(connection: XConnection): Promise<Rectangle> {
  const { client, root, ask } = connection
  const screen = await ask<{ width: number; height: number }>(answer => client.GetGeometry(root, answer))
  const whole = { x: 0, y: 0, width: screen.width, height: screen.height }
  try {
    const randr = await connection.extension('randr')
    const primary = await ask<number>(answer => randr.GetOutputPrimary(root, answer))
    const { crtcs, config_timestamp } = await ask<{ crtcs: number[]; config_timestamp: number }>(answer =>
      randr.GetScreenResourcesCurrent(root, answer),
    )
    const all = await Promise.all(
      crtcs.map(crtc =>
        ask<Rectangle & { mode: number; output: number[] }>(answer =>
          randr.GetCrtcInfo(crtc, config_timestamp, answer),
        ),
      ),
    )
    const lit = all.filter(info => info.mode !== 0 && info.width > 0)
    const { x, y, width, height } = lit.find(info => info.output.includes(primary)) ?? lit[0] ?? whole
    return { x, y, width, height }
  } catch {
    return whole
  }
}
