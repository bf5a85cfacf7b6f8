import { XConnection } from '../agent/platform/linux/connection.ts'

const UPRIGHT = 1

type Answer<T> = (error: Error | null | undefined, value: T) => true

/** The RANDR requests of the package that only a test needs. */
interface RandrSettings {
  CreateMode(root: number, mode: { width: number; height: number; name: string }, answer: Answer<number>): void
  AddOutputMode(output: number, mode: number): void
  SetScreenSize(root: number, width: number, height: number, widthMm: number, heightMm: number): void
  GetScreenResourcesCurrent(
    root: number,
    answer: Answer<{ crtcs: number[]; outputs: number[]; config_timestamp: number }>,
  ): void
  SetCrtcConfig(
    crtc: number,
    timestamp: number,
    configTimestamp: number,
    x: number,
    y: number,
    mode: number,
    rotation: number,
    outputs: readonly number[],
    answer: Answer<unknown>,
  ): void
}

/** Gives a display another resolution through RANDR, as a person does in the settings; not larger than it was started with. */
export async function resizeDisplay(name: string, width: number, height: number): Promise<void> {
  const connection = await XConnection.open(name, () => undefined)
  const { root } = connection.screen
  const randr = (await connection.extension('randr')) as unknown as RandrSettings
  const before = await connection.ask<{ width: number; height: number }>(answer =>
    connection.client.GetGeometry(root, answer),
  )
  const grown = { width: Math.max(before.width, width), height: Math.max(before.height, height) }
  randr.SetScreenSize(root, grown.width, grown.height, 300, 200)
  const mode = await connection.ask<number>(answer =>
    randr.CreateMode(root, { width, height, name: `${width}x${height}@${Date.now()}` }, answer),
  )
  const { crtcs, outputs } = await connection.ask<{ crtcs: number[]; outputs: number[] }>(answer =>
    randr.GetScreenResourcesCurrent(root, answer as never),
  )
  const [crtc = 0, output = 0] = [crtcs[0], outputs[0]]
  randr.AddOutputMode(output, mode)
  await connection.ask(answer => randr.SetCrtcConfig(crtc, 0, 0, 0, 0, mode, UPRIGHT, [output], answer))
  randr.SetScreenSize(root, width, height, 300, 200)
  await connection.sync()
  await connection.close()
}
