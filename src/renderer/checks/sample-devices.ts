import type { DeviceView } from '#protocol/wire/views.ts'
import { sampleDevice } from './samples.ts'

const MINUTE_MS = 60_000
const ROWS: [
  name: string,
  hostname: string,
  os: string,
  platform: DeviceView['facts']['platform'],
  seenMinutes: number,
][] = [
  ['Front desk 1', 'frontdesk-01', 'Windows 11 Pro 24H2', 'win32', 0],
  ['Front desk 2', 'frontdesk-02', 'Windows 11 Pro 24H2', 'win32', 190],
  ['Kiosk Lobby', 'kiosk-lobby', 'Debian GNU/Linux 12 (bookworm)', 'linux', 0],
  ['Kiosk Terminal B', 'kiosk-tb', 'Debian GNU/Linux 12 (bookworm)', 'linux', 0],
  ['Label printer host', 'lbl-03', 'Ubuntu 24.04.2 LTS', 'linux', 12],
  ['MacBook of Lena Brandt', 'lena-mbp', 'macOS 15.5', 'darwin', 0],
  ['Meeting room Elbe', 'room-elbe', 'Windows 11 IoT Enterprise', 'win32', 1500],
  ['Packing station 4', 'pack-04', 'Ubuntu 24.04.2 LTS', 'linux', 0],
  ['Packing station 12', 'pack-12', 'Ubuntu 24.04.2 LTS', 'linux', 0],
  [
    'Warehouse scanner gateway with a rather long name',
    'wh-scan-gw',
    'Debian GNU/Linux 13 (trixie)',
    'linux',
    60 * 24 * 12,
  ],
]

/** Devices of a believable organisation, seen from now. */
export const believableDevices = (nowMs: number): DeviceView[] =>
  ROWS.map(([name, hostname, osName, platform, seenMinutes], index) =>
    sampleDevice(index, {
      name,
      facts: { hostname, osName, platform, agentVersion: '0.1.0' },
      online: seenMinutes === 0,
      lastSeenAtMs: nowMs - seenMinutes * MINUTE_MS,
      busy: index === 3,
    }),
  )
