import { readdir, readFile, statfs } from 'node:fs/promises'
import { cpus, networkInterfaces, totalmem } from 'node:os'
import { join } from 'node:path'
import { toDisplayLine } from '#protocol/text.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'

/** Free room is told in steps: it changes with every second, and a report with every step is enough. */
const FREE_STEP_BYTES = 1024 ** 3
const DISKS_MAX = 16
const INTERFACES_MAX = 12
const NO_MAC = '00:00:00:00:00:00'

/** What the kernel and systemd say of this machine. `root` is where `/proc`, `/sys` and `/run` are. What can't be read is null. */
export async function readInventory(root = '/'): Promise<DeviceInventory> {
  const read = (path: string) =>
    readFile(join(root, path), 'utf8').then(
      text => text.trim(),
      () => '',
    )
  const list = (path: string) => readdir(join(root, path)).catch(() => [])
  const mounts = (await read('proc/mounts')).split('\n').map(line => line.split(' '))
  const dmi = async (name: string) => lineOrNull(await read(`sys/class/dmi/id/${name}`), 120)
  const bootedAtS = Number(/^btime (\d+)$/m.exec(await read('proc/stat'))?.[1] ?? Number.NaN)
  const [cpu] = cpus()
  return {
    manufacturer: await dmi('sys_vendor'),
    model: await dmi('product_name'),
    serial: await dmi('product_serial'),
    cpu: { name: lineOrNull(cpu?.model ?? '', 120), cores: Math.max(1, cpus().length) },
    memoryBytes: totalmem(),
    disks: await disksOf(root, mounts),
    diskEncryption: await encryptionOf(mounts, read, list),
    interfaces: interfacesOf(),
    signedInUser: await userOf(read, list),
    displays: await displaysOf(read, list),
    battery: await batteryOf(read, list),
    bootedAtMs: Number.isFinite(bootedAtS) ? bootedAtS * 1000 : null,
  }
}

type Read = (path: string) => Promise<string>
type List = (path: string) => Promise<string[]>

const lineOrNull = (text: string, maxLength: number): string | null => toDisplayLine(text, maxLength) || null

async function disksOf(root: string, mounts: readonly string[][]): Promise<DeviceInventory['disks']> {
  const disks = new Map<string, DeviceInventory['disks'][number]>()
  for (const [device = '', place = ''] of mounts) {
    // The same disk may be mounted in many places; the first is the one that people know.
    if (!device.startsWith('/dev/') || device.startsWith('/dev/loop') || disks.has(device)) continue
    const size = await statfs(join(root, place)).catch(() => null)
    if (!size) continue
    const freeBytes = Math.floor((size.bavail * size.bsize) / FREE_STEP_BYTES) * FREE_STEP_BYTES
    disks.set(device, { name: toDisplayLine(place, 80), sizeBytes: size.blocks * size.bsize, freeBytes })
  }
  return [...disks.values()].slice(0, DISKS_MAX)
}

/** Whether what `/` is mounted from goes through dm-crypt, alone or beneath a logical volume. */
async function encryptionOf(
  mounts: readonly string[][],
  read: Read,
  list: List,
): Promise<DeviceInventory['diskEncryption']> {
  const device = mounts.find(([, place]) => place === '/')?.[0] ?? ''
  if (!device.startsWith('/dev/')) return 'unknown'
  if (!device.startsWith('/dev/mapper/') && !device.startsWith('/dev/dm-')) return 'off'
  for (const name of await list('sys/block'))
    if (name.startsWith('dm-') && (await read(`sys/block/${name}/dm/uuid`)).startsWith('CRYPT-')) return 'on'
  return 'off'
}

function interfacesOf(): DeviceInventory['interfaces'] {
  const interfaces: DeviceInventory['interfaces'] = []
  for (const [name, places = []] of Object.entries(networkInterfaces())) {
    const outside = places.filter(({ internal }) => !internal)
    if (outside.length === 0) continue
    const mac = outside.find(place => place.mac !== NO_MAC)?.mac.toLowerCase() ?? null
    const addresses = outside.flatMap(({ cidr }) => cidr ?? []).slice(0, 6)
    interfaces.push({ name: toDisplayLine(name, 40), mac, addresses })
  }
  return interfaces.slice(0, INTERFACES_MAX)
}

/** Who is at the machine now, as systemd-logind knows. */
async function userOf(read: Read, list: List): Promise<string | null> {
  for (const name of await list('run/systemd/sessions')) {
    const session = await read(`run/systemd/sessions/${name}`)
    const isPerson = /^ACTIVE=1$/m.test(session) && /^CLASS=user$/m.test(session) && /^SEAT=/m.test(session)
    if (isPerson) return lineOrNull(/^USER=(.+)$/m.exec(session)?.[1] ?? '', 80)
  }
  return null
}

async function displaysOf(read: Read, list: List): Promise<DeviceInventory['displays']> {
  const displays: DeviceInventory['displays'] = []
  for (const name of await list('sys/class/drm')) {
    if ((await read(`sys/class/drm/${name}/status`)) !== 'connected') continue
    const mode = /^(\d+)x(\d+)/.exec(await read(`sys/class/drm/${name}/modes`))
    if (mode)
      displays.push({
        name: name.replace(/^card\d+-/, '').slice(0, 40),
        width: Number(mode[1]),
        height: Number(mode[2]),
      })
  }
  return displays.slice(0, 16)
}

async function batteryOf(read: Read, list: List): Promise<DeviceInventory['battery']> {
  for (const name of await list('sys/class/power_supply')) {
    const place = `sys/class/power_supply/${name}`
    if ((await read(`${place}/type`)) !== 'Battery' || (await read(`${place}/scope`)) === 'Device') continue
    const percent = Number((await read(`${place}/capacity`)) || Number.NaN)
    if (!(percent >= 0 && percent <= 100)) continue
    return { percent: Math.round(percent), charging: (await read(`${place}/status`)) !== 'Discharging' }
  }
  return null
}
