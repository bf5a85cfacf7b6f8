import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const BLOCK = 2
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

/** Removes a profile whose browser has exited. */
export async function removeProfile(folder: string): Promise<void> {
  // Helper processes of the browser may write for a moment longer than it lives.
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
