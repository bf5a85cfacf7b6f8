import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import type { DeviceFacts } from '../platform.ts'

/** In the order in which systemd looks for them. */
const OS_RELEASE_PATHS = ['/etc/os-release', '/usr/lib/os-release']

export async function readFacts(): Promise<DeviceFacts> {
  for (const path of OS_RELEASE_PATHS) {
    const osName = parsePrettyName(await readFile(path, 'utf8').catch(() => ''))
    if (osName) return { hostname: hostname(), platform: 'linux', osName }
  }
  return { hostname: hostname(), platform: 'linux', osName: 'Linux' }
}

/** `PRETTY_NAME` of an os-release file, which is quoted as a shell would. */
export function parsePrettyName(osRelease: string): string | undefined {
  const value = /^PRETTY_NAME=(.*)$/m.exec(osRelease)?.[1]?.trim()
  if (!value) return undefined
  const unquoted = /^"(.*)"$|^'(.*)'$/.exec(value)
  return (unquoted?.[1] ?? unquoted?.[2] ?? value).replace(/\\(["$`\\])/g, '$1') || undefined
}
