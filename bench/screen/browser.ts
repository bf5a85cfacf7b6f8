import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../../src/main/shell/chromium/find-browser.ts'

/**
 * A program that stands in for Chromium and starts it without a display, so that showing the picture costs every viewer the same and no X
 * server of the viewer's takes a part of two cores.
 */
export async function headlessBrowser(): Promise<{ path: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-bench-browser-'))
  const path = join(folder, 'chromium')
  const browser = findBrowser({ platform: process.platform, env: process.env })
  await writeFile(
    path,
    `#!/bin/sh
for flag do
  shift
  case "$flag" in --ozone-platform=*) ;; *) set -- "$@" "$flag" ;; esac
done
exec '${browser}' --headless=new "$@"
`,
  )
  await chmod(path, 0o755)
  return { path, stop: () => rm(folder, { recursive: true, force: true }) }
}
