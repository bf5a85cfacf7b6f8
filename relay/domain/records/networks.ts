import type { DeviceInventory } from '#protocol/wire/inventory.ts'

const NETWORKS_MAX = 24

/** The IPv4 networks in which the device has an address: those in which a broadcast of a neighbour reaches it. */
export function networksOf({ interfaces }: DeviceInventory): string[] {
  const networks = new Set<string>()
  for (const address of interfaces.flatMap(({ addresses }) => addresses)) {
    const network = networkOf(address)
    if (network !== null) networks.add(network)
  }
  return [...networks].slice(0, NETWORKS_MAX)
}

/** Null for IPv6, for the machine itself, for self-assigned addresses and for links of two ends: there is no neighbour in these. */
function networkOf(address: string): string | null {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(address)?.slice(1).map(Number)
  if (!parts) return null
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = parts
  if (a === 127 || (a === 169 && b === 254) || bits < 8 || bits > 30) return null
  const value = ((a << 24) | (b << 16) | (c << 8) | d) & (-1 << (32 - bits))
  return `${[24, 16, 8, 0].map(shift => (value >>> shift) & 255).join('.')}/${bits}`
}
