import { createFakePlatform } from './fake/index.ts'
import { linuxPlatform } from './linux/index.ts'
import { type Platform, PlatformError } from './platform.ts'

/**
 * The implementation for a system. Each call with `fake` makes a new machine.
 * @throws PlatformError `unsupported`, with what works today
 */
export function selectPlatform(name: NodeJS.Platform | 'fake'): Platform {
  switch (name) {
    case 'linux':
      return linuxPlatform
    case 'fake':
      return createFakePlatform()
    case 'win32':
      throw unsupported('Windows')
    case 'darwin':
      throw unsupported('macOS')
    default:
      throw unsupported(name)
  }
}

function unsupported(system: string): PlatformError {
  return new PlatformError(
    'unsupported',
    `Showing the screen of ${system} isn't possible yet. Today it works on Linux with an X11 desktop; operators can use any system.`,
  )
}
