import { darwinSource } from './darwin/ps.ts'
import { LinuxProcesses } from './linux/linux-processes.ts'
import { ListedProcesses, type ListedProcessesOptions } from './listed-processes.ts'
import type { Processes } from './processes.ts'
import { windowsSource } from './win32/cim.ts'

/** Those of the system that this runs on. */
export function openProcesses(options: Omit<ListedProcessesOptions, 'source'>): Processes {
  if (process.platform === 'win32')
    return new ListedProcesses({ ...options, source: windowsSource(process.env.SystemRoot) })
  return process.platform === 'darwin'
    ? new ListedProcesses({ ...options, source: darwinSource })
    : new LinuxProcesses(options)
}
