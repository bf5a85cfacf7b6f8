import { startNestedDisplay } from '../../testing/nested-display.ts'
import { type Program, startProgram } from '../../testing/program.ts'
import { startWindowManager } from '../../testing/window-manager.ts'
import { startXDisplay } from '../../testing/x-display.ts'

const DEVICE = { width: 1920, height: 1080 }
const OPERATOR = { width: 1440, height: 900 }

export interface DemoDisplays {
  readonly operator: string
  readonly device: string
  /** Where the device's own mouse and keyboard are. */
  readonly hand: string
  /** What a person should know about where things are. */
  readonly description: string
  stop(): Promise<void>
}

/**
 * Virtual displays for both sides, or, on a desktop, the operator's window on it and the device as a window beside it. `needsHands`: nobody is there to press,
 * so the device's mouse and keyboard have to be somewhere where a program can move them.
 */
export async function openDisplays(needsHands: boolean): Promise<DemoDisplays> {
  const real = needsHands ? undefined : process.env.DISPLAY
  if (real) {
    const xephyr = await startXephyr()
    return {
      operator: real,
      device: xephyr.ready,
      // Nobody but the person at the desktop presses there.
      hand: xephyr.ready,
      description: `on your desktop (${real}); the demo device is the window "Demo device"`,
      stop: () => xephyr.stop(),
    }
  }
  const [operator, device] = await Promise.all([startXDisplay(OPERATOR), startNestedDisplay(DEVICE)])
  const windowManager = await startWindowManager(operator.name, { maximize: true })
  return {
    operator: operator.name,
    device: device.name,
    hand: device.hand,
    description: `on virtual ones: operator ${operator.name}, device ${device.name}`,
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
