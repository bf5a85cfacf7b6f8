import { LaunchdServices } from './darwin/launchd-services.ts'
import { SystemdServices } from './linux/systemd-services.ts'
import type { Services } from './services.ts'
import { WindowsServices } from './win32/windows-services.ts'

/** Those of the system that this runs on. */
export function openServices(): Services {
  if (process.platform === 'win32') return new WindowsServices(process.env.SystemRoot)
  return process.platform === 'darwin' ? new LaunchdServices() : new SystemdServices()
}
