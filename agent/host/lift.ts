import type { DesktopTarget, HeldInput } from '../links/host-link.ts'
import type { Platform } from '../platform/platform.ts'

const MODIFIER = /^(Control|Shift|Alt|Meta|OS)(Left|Right)$/

/**
 * Lifts the keys and buttons that a host held when it died: the system goes on believing that they are down.
 * Rejects with a `PlatformError` when there is no desktop any more.
 */
export async function liftHeldInput(platform: Platform, target: DesktopTarget, held: HeldInput): Promise<void> {
  const desktop = await platform.openDesktop(target.displayAddress === null ? {} : { address: target.displayAddress })
  try {
    const { input } = desktop
    // A sink ignores the release of what it didn't press, so each is pressed once more. Modifiers go first:
    // pressing them again does nothing, and without them no other key can fire a shortcut.
    for (const code of held.keys.toSorted(modifiersFirst)) {
      input.setKey(code, true)
      input.setKey(code, false)
    }
    for (const button of held.buttons) {
      input.setButton(button, true)
      input.setButton(button, false)
    }
    await input.releaseAll()
  } finally {
    await desktop.close()
  }
}

const modifiersFirst = (a: string, b: string): number => Number(MODIFIER.test(b)) - Number(MODIFIER.test(a))
