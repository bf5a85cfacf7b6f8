import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deviceInventorySchema } from '#protocol/wire/inventory.ts'
import { readInventory } from './inventory.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'handhold-root-'))
})
afterEach(() => rm(root, { recursive: true }))

async function put(files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

it('finds out about this machine what the protocol takes', async () => {
  const inventory = await readInventory()
  expect(deviceInventorySchema.parse(inventory)).toEqual(inventory)
  expect(inventory.memoryBytes).toBeGreaterThan(0)
})

it('reads what a laptop says of itself', async () => {
  await put({
    'sys/class/dmi/id/sys_vendor': 'LENOVO\n',
    'sys/class/dmi/id/product_name': '21HM\u202e ThinkPad\n',
    'proc/mounts':
      '/dev/mapper/vg-root / ext4 rw 0 0\n/dev/mapper/vg-root /home ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n',
    'proc/stat': 'cpu 1 2 3\nbtime 1700000000\n',
    'sys/block/dm-0/dm/uuid': 'CRYPT-LUKS2-0123\n',
    'sys/block/dm-1/dm/uuid': 'LVM-4567\n',
    'run/systemd/sessions/1': 'USER=gdm\nACTIVE=1\nCLASS=greeter\nSEAT=seat0\n',
    'run/systemd/sessions/2': 'USER=ada\nACTIVE=1\nCLASS=user\nSEAT=seat0\n',
    'sys/class/drm/card1-eDP-1/status': 'connected\n',
    'sys/class/drm/card1-eDP-1/modes': '2880x1800\n1920x1200\n',
    'sys/class/drm/card1-DP-2/status': 'disconnected\n',
    'sys/class/power_supply/BAT0/type': 'Battery\n',
    'sys/class/power_supply/BAT0/capacity': '83\n',
    'sys/class/power_supply/BAT0/status': 'Discharging\n',
  })
  expect(await readInventory(root)).toMatchObject({
    manufacturer: 'LENOVO',
    model: '21HM ThinkPad',
    serial: null,
    disks: [{ name: '/' }],
    diskEncryption: 'on',
    signedInUser: 'ada',
    displays: [{ name: 'eDP-1', width: 2880, height: 1800 }],
    battery: { percent: 83, charging: false },
    bootedAtMs: 1_700_000_000_000,
  })
})

it('says that it does not know where nothing can be read', async () => {
  expect(await readInventory(join(root, 'nowhere'))).toMatchObject({
    manufacturer: null,
    disks: [],
    diskEncryption: 'unknown',
    signedInUser: null,
    battery: null,
    bootedAtMs: null,
  })
})
