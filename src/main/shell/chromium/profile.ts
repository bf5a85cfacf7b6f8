import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const BLOCK = 2
const OUTLIVES_MS = 150
const PREFERENCES = {
  // The window manager's own frame: it can be taken off for the banner, Chromium's can't.
  browser: { custom_chrome_frame: false, has_seen_welcome_page: true },
  credentials_enable_service: false,
  autofill: { profile_enabled: false, credit_card_enabled: false },
  search: { suggest_enabled: false },
  net: { network_prediction_options: BLOCK },
  profile: {
    password_manager_enabled: false,
    default_content_setting_values: {
      geolocation: BLOCK,
      hid_guard: BLOCK,
      media_stream_camera: BLOCK,
      media_stream_mic: BLOCK,
      midi_sysex: BLOCK,
      notifications: BLOCK,
      popups: BLOCK,
      sensors: BLOCK,
      serial_guard: BLOCK,
      usb_guard: BLOCK,
    },
  },
}

/** A fresh profile folder below `parent`, for its owner only. Synchronous, because a person waits for what comes next. */
export function createProfile(parent: string): string {
  const folder = mkdtempSync(join(parent, 'handhold-view-'))
  try {
    mkdirSync(join(folder, 'Default'), { mode: 0o700 })
    writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(PREFERENCES), { mode: 0o600 })
    writeFileSync(join(folder, 'First Run'), '')
    return folder
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true })
    throw thrown
  }
}

/** Removes a profile whose browser has exited; `clean` says that it was closed, rather than that it died or never began. */
export async function removeProfile(folder: string, clean: boolean): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  await remove()
  if (clean) return
  // Processes that a browser leaves behind write for a moment longer than it lives, and make the folder anew for it.
  await delay(OUTLIVES_MS)
  await remove()
}
