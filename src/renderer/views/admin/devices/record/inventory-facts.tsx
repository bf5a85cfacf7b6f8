import type { ReactNode } from 'react'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import { bytesText } from '../../../../components/format/bytes.ts'
import { Ago, Moment } from '../../../../components/times.tsx'
import { strings } from './record-strings.ts'

const words = strings.made

/** What a device said of itself, one fact a line. Every text is the device's own. */
export function inventoryFacts(inventory: DeviceInventory, saidAtMs: number): (readonly [string, ReactNode])[] {
  const { manufacturer, model, serial, cpu, memoryBytes, diskEncryption, battery, signedInUser, bootedAtMs } = inventory
  const maker = [manufacturer, model].filter(Boolean).join(' ')
  const lines = (texts: readonly string[]) => (texts.length === 0 ? words.none : <Lines texts={texts} />)
  return [
    [words.model, maker || words.unknown],
    [words.serial, serial ?? words.unknown],
    [words.cpu, words.cores(cpu.name ?? words.unknown, cpu.cores)],
    [words.memory, bytesText(memoryBytes)],
    [
      words.disks,
      lines(
        inventory.disks.map(({ name, sizeBytes, freeBytes }) =>
          words.free(name, bytesText(sizeBytes), freeBytes === null ? null : bytesText(freeBytes)),
        ),
      ),
    ],
    [words.encryption, words.encrypted[diskEncryption]],
    [words.battery, battery ? words.percent(battery.percent, battery.charging) : words.none],
    [words.displays, lines(inventory.displays.map(({ name, width, height }) => `${name}: ${width} × ${height}`))],
    [
      words.network,
      lines(
        inventory.interfaces.flatMap(({ name, mac, addresses }) => [
          [name, mac].filter(Boolean).join(' '),
          ...addresses,
        ]),
      ),
    ],
    [words.signedIn, signedInUser ?? words.nobody],
    [words.started, bootedAtMs === null ? words.unknown : <Moment key="started" atMs={bootedAtMs} />],
    [words.said, <Ago key="said" atMs={saidAtMs} />],
  ]
}

function Lines({ texts }: { texts: readonly string[] }) {
  return texts.map((text, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity, and two may be alike
    <span key={index} className="block">
      {text}
    </span>
  ))
}
