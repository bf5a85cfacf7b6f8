import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import { SETTING_DEFAULTS, SETTING_KEYS } from '#protocol/policy/settings.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { FakeMain } from './fake-main.ts'
import { sampleDevice } from './samples.ts'

export const HOSTILE_TEXTS = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror=hacked()>',
  '"><svg onload=hacked()>',
  'javascript:hacked()',
  '{{constructor.constructor("hacked()")()}}',
  '&lt;b&gt;',
  'שלום עולם evil.exe',
]

const id = (prefix: string, index: number) => `${prefix}_${String(index).padStart(26, '0')}`
const each = <T>(make: (text: string, index: number) => T): T[] => [...HOSTILE_TEXTS, 'W'.repeat(10_240)].map(make)

/** A relay whose every name, reason and detail was written by a stranger; one of each is 10 KiB long. */
export function hostileAdmin(): { admin: FakeMain['admin']; devices: ReturnType<typeof sampleDevice>[] } {
  const atMs = 1_700_000_000_000
  const groups = each((name, index) => ({
    id: id('grp', index),
    parentId: index === 0 ? null : id('grp', 0),
    name,
    path: index === 0 ? '/' : `/${name}`,
  }))
  const devices = each((name, index) =>
    sampleDevice(index, {
      name,
      groupId: id('grp', index),
      facts: { hostname: name, osName: name, platform: 'fake', agentVersion: name },
      owner: { userName: name, email: name, domain: name },
    }),
  )
  const people = each((name, index) => ({
    ...{ id: `user_${index}0000000`, name, email: name, role: 'operator' as const },
    ...{ totp: false, passkeys: 0, disabled: false, createdAtMs: atMs, lastSeenAtMs: null },
  }))
  const admin: FakeMain['admin'] = {
    listDevices: () => ({ devices, total: devices.length, nextCursor: null }),
    groups: () => ({
      groups: [
        { id: id('grp', 99), parentId: null, name: HOSTILE_TEXTS[0] ?? '', path: '/' },
        ...groups.map(group => ({ ...group, parentId: id('grp', 99), path: `/${group.name}` })),
      ],
    }),
    groupSettings: () => ({
      settings: SETTING_KEYS.map(key => ({
        key,
        value: SETTING_DEFAULTS[key],
        fromGroupId: id('grp', 1),
        isOwn: false,
      })),
    }),
    roles: () => ({
      roles: each((name, index) => ({ id: id('rol', index), name, capabilities: ['view' as const], builtIn: false })),
    }),
    assignments: () => ({ assignments: [] }),
    people: () => ({ operators: people }),
    peoplePage: () => ({ operators: people, nextCursor: null }),
    explain: ({ operatorId, deviceId }) => ({
      ...{ operatorId, deviceId, groupPath: HOSTILE_TEXTS.join('/') },
      capabilities: CAPABILITIES.map((capability, index) => ({
        ...{ capability, allowed: false, assignmentId: null },
        line: HOSTILE_TEXTS[index % HOSTILE_TEXTS.length] ?? '',
      })),
      settings: SETTING_KEYS.map(key => ({ key, value: SETTING_DEFAULTS[key], from: HOSTILE_TEXTS[1] ?? '' })),
    }),
    trust: () => ({
      key: { words: HOSTILE_TEXTS[0] ?? '', text: HOSTILE_TEXTS[1] ?? '', isHere: true, backedUpAtMs: null },
      order: { strict: true, issuedAtMs: atMs, validUntilMs: atMs },
      problem: { code: 'organisation-key-changed', message: HOSTILE_TEXTS[2] ?? '' },
      apps: people.map(({ id: userId, name }, index) => ({
        ...{ operator: { id: userId, name, email: name }, thumbprint: String(index), computer: name },
        ...{ registeredAtMs: atMs, isThisApp: false, state: 'none' as const, expiresAtMs: null },
        ...{ tools: false, unattended: false },
      })),
    }),
    deviceInventory: () => ({ inventory: hostileInventory(), atMs }),
    devicePresence: () => ({ spans: [{ fromMs: atMs, toMs: null }], nextCursor: null }),
    deviceNotes: () => ({
      notes: each((text, index) => ({ id: id('not', index), author: text, atMs, text })),
      nextCursor: null,
    }),
    deviceFilters: () => ({
      filters: each((name, index) => ({ id: id('flt', index), name, filter: { q: String(index) } })),
    }),
    enrolmentTokens: () => ({
      tokens: each((name, index) => ({
        ...{
          id: id('ent', index),
          name,
          groupId: id('grp', index),
          groupPath: name,
          createdBy: name,
          networks: [name],
        },
        ...{ maxUses: 9, usesLeft: 9, approval: false, createdAtMs: atMs, expiresAtMs: atMs, revokedAtMs: null },
        ...{ usable: true, devices: { pending: 0, active: 0, quarantined: 0, removed: 0 } },
      })),
    }),
    sessions: () => ({
      sessions: each((name, index) => ({
        ...{ id: id('ses', index), deviceId: id('dev', index), deviceName: name, groupId: id('grp', index) },
        ...{ operator: { id: `user_${index}0000000`, name, email: name }, reason: name, ticket: name },
        ...{
          scopes: ['view' as const],
          state: { name: 'notifying' as const },
          stateSinceMs: atMs,
          requestedAtMs: atMs,
        },
        ...{ grantedAtMs: null, connectedAtMs: null, endedAtMs: null, unasked: null },
        note: { text: name, atMs, changedAtMs: atMs },
      })),
      nextCursor: null,
    }),
    audit: () => ({
      entries: each((name, index) => ({
        ...{ sequence: index + 1, atMs, actor: name, action: 'device.enrolled', subject: name },
        detail: { [name.slice(0, 40)]: name, nested: { text: name } },
      })),
    }),
    webhooks: () => ({
      webhooks: each((name, index) => ({
        ...{ id: id('whk', index), description: name, url: `https://example.org/${name}` },
        ...{ events: ['device.enrolled' as const], createdAtMs: atMs, oldSecretUntilMs: null },
      })),
    }),
    webhookDeliveries: () => ({
      deliveries: each((name, index) => ({
        ...{ id: id('whd', index), eventId: name, type: name, createdAtMs: atMs, status: 'dead' as const },
        ...{ attempts: 9, nextAtMs: null, lastStatus: null, lastError: name },
      })),
      nextCursor: null,
    }),
    failedDeliveries: () => ({
      deliveries: each((name, index) => ({
        ...{ id: id('whd', index), eventId: name, type: name, createdAtMs: atMs, status: 'dead' as const },
        ...{ attempts: 9, nextAtMs: null, lastStatus: null, lastError: name, subject: name },
        webhook: { id: id('whk', index), description: name, url: `https://example.org/${name}` },
      })),
      nextCursor: null,
    }),
    apiKeys: () => ({
      apiKeys: each((name, index) => ({
        ...{ id: id('key', index), name, prefix: 'hhk_abcd', scopes: ['devices:read' as const], createdBy: name },
        ...{ createdAtMs: atMs, expiresAtMs: atMs, lastUsedAtMs: null },
      })),
    }),
  }
  return { admin, devices }
}

/** As long as the schema of an inventory lets the device write. */
function hostileInventory(): DeviceInventory {
  const text = (at: number) => HOSTILE_TEXTS[at % HOSTILE_TEXTS.length] ?? ''
  return {
    ...{ manufacturer: text(0), model: 'W'.repeat(120), serial: text(1), signedInUser: text(2) },
    ...{ cpu: { name: text(3), cores: 4096 }, memoryBytes: 1, diskEncryption: 'unknown', battery: null },
    disks: each((_, index) => ({ name: text(index), sizeBytes: 2 ** 50, freeBytes: null })),
    interfaces: each((_, index) => ({ name: text(index), mac: null, addresses: ['192.0.2.7/24'] })),
    displays: each((_, index) => ({ name: text(index).slice(0, 40), width: 1, height: 1 })),
    bootedAtMs: null,
  }
}
