import { TOOLS, type Tool } from '#protocol/tools/tools.ts'
import type { RecordsReader } from '../records/store.ts'

/** The tools that a device has something for, by what it last said of itself. The device refuses the others too. */
export async function offeredTools(records: Pick<RecordsReader, 'inventory'>, deviceId: string): Promise<Tool[]> {
  const known = await records.inventory(deviceId)
  return TOOLS.filter(tool => tool !== 'registry' || known?.inventory.hasRegistry === true)
}
