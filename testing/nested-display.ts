import { startProgram } from './program.ts'
import { startXDisplay, type XDisplay } from './x-display.ts'

/** A display with hardware: what is pressed on `hand` with XTEST reaches this one as its own mouse and keyboard. */
export interface NestedDisplay extends XDisplay {
  /** The display around it, of the same size: the same places, and the person's hands. */
  readonly hand: string
}

/** Xephyr inside Xvfb: a virtual display alone has no hardware, and nothing that XTEST presses on it counts as a person's. */
export async function startNestedDisplay(size: {
  readonly width: number
  readonly height: number
}): Promise<NestedDisplay> {
  const outer = await startXDisplay(size)
  try {
    const inner = await startProgram({
      name: 'Xephyr',
      command: 'Xephyr',
      args: [...['-displayfd', '1', '-screen', `${size.width}x${size.height}`], '-noreset'],
      env: { DISPLAY: outer.name },
      ready: line => (/^\d+$/.test(line) ? `:${line}` : undefined),
    })
    const stop = async () => {
      await inner.stop()
      await outer.stop()
    }
    return { name: inner.ready, pid: inner.pid, hand: outer.name, stop, crash: stop }
  } catch (thrown) {
    await outer.stop()
    throw thrown
  }
}
