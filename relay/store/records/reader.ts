import { sql } from 'kysely'
import { deviceInventorySchema } from '#protocol/wire/inventory.ts'
import type { DevicePage, DeviceQuery, ListedDevice, RecordsReader } from '../../domain/records/store.ts'
import { TableReader } from '../table-reader.ts'
import { pageOfIds } from './device-list.ts'
import { listedDevices } from './listed-devices.ts'

/** A network with more devices than these has one among them that will do. */
const NEIGHBOURS_MAX = 200

/** The questions about devices as things that are listed, found and looked after. */
export class KyselyRecordsReader extends TableReader implements RecordsReader {
  async page(query: DeviceQuery, page: DevicePage) {
    const { ids: places, total } = await pageOfIds(this.db, query, page)
    const ids = places.map(({ id }) => id)
    const found = await listedDevices(this.db, ids)
    const devices = places.flatMap(({ id, key }): ListedDevice[] => {
      const device = found.get(id)
      return device ? [{ ...device, sortKey: key }] : []
    })
    return { devices, total }
  }

  async tags(deviceIds: readonly string[]): Promise<Map<string, string[]>> {
    if (deviceIds.length === 0) return new Map()
    const rows = await this.db
      .selectFrom('device_tag')
      .select(['device_id', 'tag'])
      .where('device_id', 'in', deviceIds)
      .execute()
    const tags = new Map<string, string[]>()
    for (const { device_id, tag } of rows) tags.set(device_id, [...(tags.get(device_id) ?? []), tag].sort())
    return tags
  }

  async inventory(deviceId: string) {
    const row = await this.db
      .selectFrom('device_inventory')
      .select(['inventory', 'at_ms'])
      .where('device_id', '=', deviceId)
      .executeTakeFirst()
    return row && { atMs: row.at_ms, inventory: deviceInventorySchema.parse(JSON.parse(row.inventory)) }
  }

  notes(deviceId: string, after: readonly [number, string] | undefined, limit: number) {
    return this.db
      .selectFrom('device_note')
      .select(['id', 'author_name as author', 'at_ms as atMs', 'text'])
      .where('device_id', '=', deviceId)
      .$if(after !== undefined, notes => notes.where(sql<boolean>`(at_ms, id) < (${sql.join([...(after ?? [])])})`))
      .orderBy('at_ms', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  }

  spans(deviceId: string, beforeId: number | undefined, limit: number) {
    return this.db
      .selectFrom('presence_span')
      .select(['id', 'from_ms as fromMs', 'to_ms as toMs'])
      .where('device_id', '=', deviceId)
      .$if(beforeId !== undefined, spans => spans.where('id', '<', beforeId ?? 0))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
  }

  neighbours(organisationId: string, network: string) {
    return this.db
      .selectFrom('device_network')
      .innerJoin('device', 'device.id', 'device_network.device_id')
      .select(['device.id', 'device.group_id as groupId'])
      .where('device_network.organisation_id', '=', organisationId)
      .where('device_network.network', '=', network)
      .where('device.away', '=', 0)
      .where('device.status', '=', 'active')
      .where('device.removed_at_ms', 'is', null)
      .limit(NEIGHBOURS_MAX)
      .execute()
  }

  filters(userId: string) {
    return this.db
      .selectFrom('saved_filter')
      .select(['id', 'name', 'filter'])
      .where('user_id', '=', userId)
      .orderBy('name')
      .execute()
  }

  async unindexed(limit: number): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select id from device indexed by device_unindexed
      where is_indexed = 0 and removed_at_ms is null limit ${limit}`.execute(this.db)
    return rows.map(({ id }) => id)
  }

  async present(): Promise<string[]> {
    const rows = await this.db.selectFrom('device').select('id').where('away', '=', 0).execute()
    return rows.map(({ id }) => id)
  }

  async pulse(): Promise<number | undefined> {
    const row = await this.db.selectFrom('relay_pulse').select('at_ms').executeTakeFirst()
    return row?.at_ms
  }
}
