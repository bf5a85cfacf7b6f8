import { sql } from 'kysely'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import { nameKey } from '../../domain/records/name-key.ts'
import { searchLine, tokensOf } from '../../domain/records/search-tokens.ts'
import type { RecordsWriter, SavedFilter } from '../../domain/records/store.ts'
import { toDevice } from '../rows.ts'
import { KyselyRecordsReader } from './reader.ts'

/** The changes to what is known of devices. */
export class KyselyRecordsWriter extends KyselyRecordsReader implements RecordsWriter {
  async index(deviceId: string): Promise<void> {
    const row = await this.db
      .selectFrom('device')
      .selectAll()
      .where('id', '=', deviceId)
      .where('removed_at_ms', 'is', null)
      .executeTakeFirst()
    if (!row) return
    const device = toDevice(row)
    const tags = (await this.tags([deviceId])).get(deviceId) ?? []
    const known = await this.inventory(deviceId)
    const line = searchLine([
      device.name,
      device.owner?.userName,
      device.owner?.email,
      ...tags,
      ...(known ? wordsOf(known.inventory) : []),
      device.facts.osName,
      device.owner?.domain,
      deviceId,
    ])
    if (row.is_indexed === 0 || row.name_key !== nameKey(device.name)) {
      const set = { name_key: nameKey(device.name), is_indexed: 1 }
      await this.db.updateTable('device').set(set).where('id', '=', deviceId).execute()
    }
    await this.#setLine(deviceId, device.organisationId, line)
  }

  async setTags(organisationId: string, deviceId: string, tags: readonly string[]): Promise<void> {
    await this.db.deleteFrom('device_tag').where('device_id', '=', deviceId).execute()
    const rows = tags.map(tag => ({ organisation_id: organisationId, tag, device_id: deviceId }))
    if (rows.length > 0) await this.db.insertInto('device_tag').values(rows).execute()
  }

  async setInventory(
    { id, organisationId }: { readonly id: string; readonly organisationId: string },
    inventory: DeviceInventory,
    networks: readonly string[],
    atMs: number,
  ): Promise<void> {
    const row = { device_id: id, inventory: JSON.stringify(inventory), at_ms: atMs }
    await this.db
      .insertInto('device_inventory')
      .values(row)
      .onConflict(conflict => conflict.column('device_id').doUpdateSet(row))
      .execute()
    await this.db.deleteFrom('device_network').where('device_id', '=', id).execute()
    const places = networks.map(network => ({ organisation_id: organisationId, network, device_id: id }))
    if (places.length > 0) await this.db.insertInto('device_network').values(places).execute()
  }

  async insertNote({
    id,
    deviceId,
    authorId,
    author,
    atMs,
    text,
  }: Parameters<RecordsWriter['insertNote']>[0]): Promise<void> {
    const row = { id, device_id: deviceId, author_id: authorId, author_name: author, at_ms: atMs, text }
    await this.db.insertInto('device_note').values(row).execute()
  }

  async deleteNote(deviceId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('device_note')
      .where('device_id', '=', deviceId)
      .where('id', '=', id)
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  async arrived(deviceId: string, atMs: number): Promise<void> {
    await this.#endSpans(deviceId, atMs)
    await this.db.updateTable('device').set({ away: 0, last_seen_at_ms: atMs }).where('id', '=', deviceId).execute()
    await this.db.insertInto('presence_span').values({ device_id: deviceId, from_ms: atMs, to_ms: null }).execute()
  }

  async left(deviceId: string, atMs: number): Promise<void> {
    await this.#endSpans(deviceId, atMs)
    await this.db.updateTable('device').set({ away: 1, last_seen_at_ms: atMs }).where('id', '=', deviceId).execute()
  }

  async setPulse(atMs: number): Promise<void> {
    await this.db
      .insertInto('relay_pulse')
      .values({ one: 1, at_ms: atMs })
      .onConflict(conflict => conflict.column('one').doUpdateSet({ at_ms: atMs }))
      .execute()
  }

  async insertFilter(
    filter: SavedFilter & { readonly organisationId: string; readonly userId: string },
  ): Promise<void> {
    const { id, organisationId, userId, name, filter: text } = filter
    const row = { id, organisation_id: organisationId, user_id: userId, name, filter: text }
    await this.db.insertInto('saved_filter').values(row).execute()
  }

  async deleteFilter(userId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('saved_filter')
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  async forget(deviceId: string, atMs: number): Promise<void> {
    await this.#endSpans(deviceId, atMs)
    await sql`delete from device_fts where rowid in (select number from device_search where device_id = ${deviceId})`.execute(
      this.db,
    )
    for (const table of ['device_search', 'device_tag', 'device_inventory', 'device_network', 'device_note'] as const)
      await this.db.deleteFrom(table).where('device_id', '=', deviceId).execute()
    await this.db.updateTable('device').set({ away: 1 }).where('id', '=', deviceId).execute()
  }

  async #endSpans(deviceId: string, atMs: number): Promise<void> {
    // A clock that was set back must not make a span end before it began.
    await sql`update presence_span set to_ms = max(from_ms, ${atMs}) where device_id = ${deviceId} and to_ms is null`.execute(
      this.db,
    )
  }

  async #setLine(deviceId: string, organisationId: string, line: string): Promise<void> {
    const known = await this.db
      .selectFrom('device_search')
      .select(['number', 'text'])
      .where('device_id', '=', deviceId)
      .executeTakeFirst()
    if (known?.text === line) return
    const row = { device_id: deviceId, text: line }
    const { number } = known
      ? { number: known.number }
      : await this.db.insertInto('device_search').values(row).returning('number').executeTakeFirstOrThrow()
    if (known) await this.db.updateTable('device_search').set({ text: line }).where('number', '=', number).execute()
    const tokens = tokensOf(organisationId, line).join(' ')
    await sql`insert or replace into device_fts (rowid, tokens) values (${number}, ${tokens})`.execute(this.db)
  }
}

const wordsOf = ({ signedInUser, manufacturer, model, serial, interfaces }: DeviceInventory): (string | null)[] => [
  signedInUser,
  manufacturer,
  model,
  serial,
  ...interfaces.flatMap(({ mac, addresses }) => [mac, ...addresses.map(address => address.split('/')[0] ?? null)]),
]
