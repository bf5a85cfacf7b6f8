import { type Program, startProgram } from '../../testing/program.ts'
import { startWindowManager } from '../../testing/window-manager.ts'
import { startXDisplay } from '../../testing/x-display.ts'

const DEVICE = { width: 1920, height: 1080 }
const OPERATOR = { width: 1440, height: 900 }

export interface DemoDisplays {
  readonly operator: string
  readonly device: string
  /** What a person should know about where things are. */
  readonly description: string
  stop(): Promise<void>
}

/** Virtual displays for both sides, or, on a desktop, the operator's window on it and the device as a window beside it. */
export async function openDisplays(): Promise<DemoDisplays> {
  const real = process.env.DISPLAY
  if (real) {
    const xephyr = await startXephyr()
    return {
      operator: real,
      device: xephyr.ready,
      description: `on your desktop (${real}); the demo device is the window "Demo device"`,
      stop: () => xephyr.stop(),
    }
  }
  const [operator, device] = await Promise.all([startXDisplay(OPERATOR), startXDisplay(DEVICE)])
  const windowManager = await startWindowManager(operator.name, { maximize: true })
  return {
    operator: operator.name,
    device: device.name,
    description: `there is no display, so on virtual ones: operator ${operator.name}, device ${device.name}`,
    async stop() {
      await windowManager.stop()
      await Promise.all([operator.stop(), device.stop()])
    },
  }
}

function startXephyr(): Promise<Program<string>> {
  const args = ['-displayfd', '1', '-screen', '1280x800', '-title', 'Demo device', '-noreset', '-resizeable']
  const ready = (line: string) => (/^\d+$/.test(line) ? `:${line}` : undefined)
  return startProgram({ name: 'Xephyr', command: 'Xephyr', args, ready })
}
