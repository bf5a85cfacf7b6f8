import { BlockList, isIP } from 'node:net'

/** Whether an address lies in one of the networks (`192.0.2.0/24`, `2001:db8::/48`). No networks are no limit; what is no address is in none. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  if (networks.length === 0) return true
  const family = familyOf(address)
  if (family === null) return false
  const list = new BlockList()
  for (const network of networks) {
    const [start = '', bits] = network.split('/')
    const kind = familyOf(start)
    if (kind) list.addSubnet(start, Number(bits), kind)
  }
  return list.check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address)
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6'
}
