const numbered = (prefix: string, count: number, path: string) =>
  Array.from({ length: count }, (_, index) => [`${prefix}-${String(index + 1).padStart(2, '0')}`, path] as const)

/** Host names of a believable organisation, each with its group. */
export const believableDevices = (): (readonly [name: string, groupPath: string])[] => [
  ...numbered('ber-frontdesk', 6, '/Branches/Berlin'),
  ...numbered('ham-frontdesk', 4, '/Branches/Hamburg'),
  ...numbered('lis-counter', 4, '/Branches/Lisbon'),
  ...numbered('kiosk-ber-t1', 5, '/Kiosks/Airports'),
  ...numbered('kiosk-store', 6, '/Kiosks/Stores'),
  ...numbered('fin-ws', 4, '/Offices/Finance'),
  ...numbered('sales-mbp', 3, '/Offices/Sales'),
  ...numbered('pack-station', 8, '/Warehouse'),
]
