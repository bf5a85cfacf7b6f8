import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { Display, Platform } from '../platform.ts'
import { type FakeClock, realClock } from './clock.ts'
import { FakeDesktop } from './desktop.ts'
import { FakeMachine } from './machine.ts'

export type { FakeClock } from './clock.ts'
export type { FakeMachine } from './machine.ts'

export interface FakePlatformOptions {
  /** Default: one display `fake-1` of 640 × 480. */
  readonly displays?: readonly Display[]
  /** Default: the real monotonic clock. */
  readonly clock?: FakeClock
}

/** A platform whose computer is in memory. All desktops that it opens show the same machine. */
export interface FakePlatform extends Platform {
  readonly machine: FakeMachine
}

const DEFAULT_DISPLAY: Display = {
  id: 'fake-1',
  name: 'Fake display',
  bounds: { x: 0, y: 0, width: 640, height: 480 },
  isPrimary: true,
}

const FAKE_INVENTORY: DeviceInventory = {
  manufacturer: 'Fake Works',
  model: 'Fake 1',
  serial: null,
  cpu: { name: null, cores: 1 },
  memoryBytes: 1024 ** 3,
  disks: [],
  diskEncryption: 'unknown',
  interfaces: [],
  signedInUser: null,
  displays: [],
  battery: null,
  bootedAtMs: null,
}

export function createFakePlatform(options: FakePlatformOptions = {}): FakePlatform {
  const machine = new FakeMachine(options.displays ?? [DEFAULT_DISPLAY])
  const clock = options.clock ?? realClock
  return {
    machine,
    async openDesktop() {
      if (machine.refusal) throw machine.refusal
      return new FakeDesktop(machine, clock)
    },
    async facts() {
      return { hostname: 'fake-device', platform: 'fake', osName: 'Fake OS 1.0' }
    },
    async desk() {
      return 'present'
    },
    async inventory() {
      const displays = machine.displays.map(({ name, bounds: { width, height } }) => ({ name, width, height }))
      return { ...FAKE_INVENTORY, displays }
    },
  }
}
