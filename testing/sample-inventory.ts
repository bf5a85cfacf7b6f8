import type { DeviceInventory } from '#protocol/wire/inventory.ts'

/** What a laptop says that it is made of. */
export const SAMPLE_INVENTORY: DeviceInventory = {
  manufacturer: 'LENOVO',
  model: 'ThinkPad T14',
  serial: 'PF0123',
  cpu: { name: 'Some CPU', cores: 8 },
  memoryBytes: 16e9,
  disks: [{ name: '/', sizeBytes: 5e11, freeBytes: 1e11 }],
  diskEncryption: 'on',
  interfaces: [{ name: 'eth0', mac: '02:00:5e:10:00:01', addresses: ['192.0.2.77/24', 'fe80::1/64'] }],
  signedInUser: 'ada.lovelace',
  displays: [{ name: 'eDP-1', width: 1920, height: 1200 }],
  battery: { percent: 80, charging: true },
  bootedAtMs: 1_700_000_000_000,
}
