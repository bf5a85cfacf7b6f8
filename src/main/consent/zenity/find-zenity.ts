import { canExecute } from '../../shell/chromium/find-browser.ts'

/** Absolute, so that nobody's PATH decides who asks the person. */
const PLACES = ['/usr/bin/zenity', '/usr/local/bin/zenity']

/** `HANDHOLD_ZENITY` decides alone when it is set, as `HANDHOLD_CHROMIUM` does; the agent passes neither on. */
export function findZenity(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const places = env.HANDHOLD_ZENITY ? [env.HANDHOLD_ZENITY] : PLACES
  return places.find(canExecute)
}
