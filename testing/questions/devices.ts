import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { DeviceQuery } from '../../relay/domain/records/store.ts'
import type { Writer } from '../../relay/domain/store.ts'
import { DEVICE, GROUP, KEY, NOW_MS, ORGANISATION, ROOT, USER } from './names.ts'

const FACTS = { hostname: 'pc', platform: 'fake', osName: 'Testix 1', agentVersion: '1' } as const
const INVENTORY: DeviceInventory = {
  ...{ manufacturer: null, model: null, serial: null, signedInUser: 'petra', battery: null, bootedAtMs: null },
  ...{ cpu: { name: null, cores: 1 }, memoryBytes: 1, disks: [], diskEncryption: 'off', interfaces: [], displays: [] },
}
const NETWORK = '192.0.2.0/24'

/** Enrolment, devices, and what is known of them. The first device stays; another one goes. */
export async function askOfDevices(tx: Writer): Promise<void> {
  await askOfEnrolment(tx)
  for (const id of [DEVICE, 'dev_2']) {
    const key = { key: KEY, keyThumbprint: id, enrolmentTokenHash: 'hash', enrolledAtMs: NOW_MS }
    const place = { organisationId: ORGANISATION, groupId: ROOT, status: 'active' } as const
    await tx.insertDevice({ ...key, ...place, id, name: 'pc', facts: FACTS })
  }
  await tx.device(DEVICE)
  await tx.deviceByKey(DEVICE)
  await tx.updateDeviceFacts(DEVICE, 'pc-1', FACTS, NOW_MS)
  await tx.policy.moveDevice(DEVICE, GROUP)
  await tx.enrolment.setStatus(DEVICE, 'quarantined', 'cloned', NOW_MS)
  await tx.enrolment.quarantinedSince(1)
  await tx.enrolment.setOwner(DEVICE, null)
  await tx.enrolment.setBoot(DEVICE, { id: 'boot', count: 1 })
  await tx.enrolment.boot(DEVICE)
  await tx.shutUnattended(DEVICE, NOW_MS)
  await tx.isUnattendedOff(DEVICE)
  await tx.allowUnattended(DEVICE)
  await askOfRecords(tx)
  await askForHelp(tx)
  await tx.removeDevice('dev_2', NOW_MS)
  await tx.enrolment.removedDevice('dev_2')
  await tx.enrolment.wasRemoved('dev_2', 'hash')
}

async function askOfEnrolment({ enrolment }: Writer): Promise<void> {
  const token = { id: 'ent_1', organisationId: ORGANISATION, name: 'Token', tokenHash: 'hash', groupId: ROOT }
  const bounds = { maxUses: 1, networks: [], approval: false, createdBy: USER, createdAtMs: 1, expiresAtMs: 2 }
  await enrolment.insertToken({ ...token, ...bounds })
  await enrolment.tokenByHash('hash')
  await enrolment.token('ent_1')
  await enrolment.tokens(ORGANISATION)
  await enrolment.deviceCounts(ORGANISATION)
  await enrolment.devicesOfToken('hash')
  await enrolment.spendToken('hash', 1)
  await enrolment.revokeToken('ent_1', NOW_MS)
}

async function askOfRecords({ records }: Writer): Promise<void> {
  await records.setTags(ORGANISATION, DEVICE, ['lab', 'front'])
  await records.tags([DEVICE])
  await records.setInventory({ id: DEVICE, organisationId: ORGANISATION }, INVENTORY, [NETWORK], NOW_MS)
  await records.inventory(DEVICE)
  await records.index(DEVICE)
  await records.unindexed(10)
  await records.neighbours(ORGANISATION, NETWORK)
  await records.arrived(DEVICE, NOW_MS)
  await records.present()
  await records.left(DEVICE, NOW_MS)
  await records.spans(DEVICE, undefined, 10)
  await records.spans(DEVICE, 5, 10)
  await records.setPulse(NOW_MS)
  await records.pulse()
  const note = { id: 'not_1', deviceId: DEVICE, authorId: USER, author: 'Ada', atMs: NOW_MS, text: 'A note' }
  await records.insertNote(note)
  await records.notes(DEVICE, undefined, 10)
  await records.notes(DEVICE, [1, 'not_1'], 10)
  await records.deleteNote(DEVICE, 'not_1')
  await records.insertFilter({ id: 'flt_1', organisationId: ORGANISATION, userId: USER, name: 'Mine', filter: '{}' })
  await records.filters(USER)
  await records.deleteFilter(USER, 'flt_1')
  const all = { organisationId: ORGANISATION, groupIds: null, pendingGroupIds: null } as const
  const query: DeviceQuery = { ...all, sort: 'name', isDescending: false }
  for (const filter of [{}, { text: 'pc' }, { tag: 'lab' }, { groupIds: [GROUP], pendingGroupIds: [] }])
    await records.page({ ...query, ...filter }, { limit: 10, countMax: 100 })
  await records.forget('dev_2', NOW_MS)
}

async function askForHelp({ help }: Writer): Promise<void> {
  const record = { id: 'hlp_1', organisationId: ORGANISATION, deviceId: DEVICE, who: 'petra', words: 'Help' }
  await help.put({ ...record, way: 'queue', codeDigest: null, askedAtMs: NOW_MS, untilMs: 2 * NOW_MS })
  await help.byId('hlp_1')
  await help.byCode('digest')
  await help.queue(ORGANISATION, NOW_MS)
  await help.remove('hlp_1')
  await help.removeOfDevice(DEVICE)
  await help.deleteExpired(NOW_MS)
}
