import type { Desktop, DesktopOptions, Platform } from '../platform.ts'
import { PlatformError } from '../platform.ts'
import type { Reporter } from './connection.ts'
import { readDesk } from './desk.ts'
import { openX11Desktop } from './desktop.ts'
import { readFacts } from './facts.ts'
import { readInventory } from './inventory.ts'

export interface LinuxPlatformOptions {
  /** Told about X errors that no call waits for. Default: a process warning. */
  readonly report?: Reporter
}

export function createLinuxPlatform(options: LinuxPlatformOptions = {}): Platform {
  const report = options.report ?? (problem => process.emitWarning(problem))
  return {
    openDesktop: (desktop: DesktopOptions): Promise<Desktop> => open(desktop, report),
    facts: readFacts,
    inventory: () => readInventory(),
    desk: uid => readDesk(uid),
  }
}

/** Linux desktops that an X server shows. */
export const linuxPlatform: Platform = createLinuxPlatform()

async function open(options: DesktopOptions, report: Reporter): Promise<Desktop> {
  const address = options.address ?? process.env.DISPLAY
  if (!address) throw displayUnset()
  return openX11Desktop({ ...options, address, report })
}

function displayUnset(): PlatformError {
  const hint = process.env.WAYLAND_DISPLAY
    ? 'This is a Wayland session: log in to an X11 ("Xorg") session instead.'
    : "Start it from the desktop's session, or set DISPLAY, for example to :0."
  return new PlatformError('display-unset', `There is no X display to connect to. ${hint}`)
}
