import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ViewName } from './shell.ts'

/** Where the built parts of the app are. Absolute paths. */
export interface Resources {
  /** `<view>.html` and its assets. */
  readonly renderer: string
  /** The page of a view that is complete in one file, for a browser that starts on it. */
  inlinedPage(view: ViewName): string
  preload(shell: 'electron' | 'chromium', view: ViewName): string
}

/** The resources below a build's folder (`dist`). */
export function resourcesIn(dist: string): Resources {
  return {
    renderer: join(dist, 'renderer'),
    inlinedPage: view => join(dist, 'renderer', `${view}-inline.html`),
    preload: (shell, view) => join(dist, 'preload', `${shell}-${view}.js`),
  }
}

/** The build's folder, from this module's own place: `src/main/shell` from source, `dist/main` when bundled. */
export function distFolder(moduleUrl: string = import.meta.url): string {
  const fromSource = moduleUrl.endsWith('/src/main/shell/resources.ts')
  return fileURLToPath(new URL(fromSource ? '../../../dist' : '..', moduleUrl))
}
