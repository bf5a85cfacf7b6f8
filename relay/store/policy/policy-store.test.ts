import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../domain/chance.ts'
import { rootGroupId } from '../../domain/policy/built-in.ts'
import { nodeChance } from '../../keys/node-chance.ts'
import { foundation } from '../migrations/0001-foundation.ts'
import { SqliteStore } from '../store.ts'

const organisation = { id: newId('organisation', nodeChance), name: 'Example' }
const rootId = rootGroupId(organisation.id)
let folder: string
let file: string
let store: SqliteStore | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-policy-store-'))
  file = join(folder, 'relay.db')
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await rm(folder, { recursive: true })
})

const open = () => {
  store = new SqliteStore(file)
  return store
}
const rows = async () => (await store?.read.policy.rows(organisation.id))?.assignments.map(({ id: _, ...row }) => row)
const allow = (userId: string, roleId: string) => ({ userId, roleId, groupId: rootId, effect: 'allow' })

/** With the people ada (administrator) and bob (operator). */
async function fill(): Promise<SqliteStore> {
  const opened = open()
  await opened.write(async tx => {
    await tx.insertOrganisation(organisation, 1)
    for (const [id, role] of [
      ['usr_ada_0000', 'admin'],
      ['usr_bob_0000', 'operator'],
    ] as const)
      await tx.insertUser({ id, organisationId: organisation.id, name: id, email: id, passwordHash: '', role, atMs: 1 })
  })
  return opened
}

/** One statement on a connection of its own, as another program would make it. */
function run(sql: string, ...values: unknown[]): unknown[] {
  const other = new Sqlite(file)
  other.pragma('foreign_keys = ON')
  const statement = other.prepare(sql)
  const result = statement.reader ? statement.all(...values) : [statement.run(...values)]
  other.close()
  return result
}

describe('the policy in the database', () => {
  it('gives people and devices of before their roles and the root group', async () => {
    const old = new Sqlite(file)
    old.exec(foundation)
    old.pragma('user_version = 1')
    old.exec(`
      insert into organisation values ('${organisation.id}', 'Example', 1);
      insert into user values ('usr_ada_0000', 'Ada', 'ada', 1), ('usr_bob_0000', 'Bob', 'bob', 1);
      insert into member values ('usr_ada_0000', '${organisation.id}', 'admin'), ('usr_bob_0000', '${organisation.id}', 'operator');
      insert into device values ('dev_1', '${organisation.id}', 'one', '{}', '{}', 'k', 't', 1, null, null);`)
    old.close()
    open()
    expect(await rows()).toEqual([allow('usr_ada_0000', 'administrator'), allow('usr_bob_0000', 'operator')])
    expect(run('select group_id from device')).toEqual([{ group_id: rootId }])
    expect((await store?.read.policy.rows(organisation.id))?.groups).toEqual([
      { id: rootId, parentId: null, name: 'Example' },
    ])
  })

  it('keeps what a member is called and the Administrator role at the root the same, whoever writes', async () => {
    const opened = await fill()
    const roleOf = (id: string) => run('select role from member where user_id = ?', id)
    run("update member set role = 'admin' where user_id = 'usr_bob_0000'")
    expect(await rows()).toEqual([allow('usr_ada_0000', 'administrator'), allow('usr_bob_0000', 'administrator')])
    run("update member set role = 'operator' where user_id = 'usr_ada_0000'")
    expect(await rows()).toContainEqual(allow('usr_ada_0000', 'operator'))
    const bobs = (await opened.read.policy.rows(organisation.id)).assignments.find(row => row.userId === 'usr_bob_0000')
    await opened.write(tx => tx.policy.deleteAssignment(bobs?.id ?? ''))
    expect(roleOf('usr_bob_0000')).toEqual([{ role: 'operator' }])
    expect(await rows()).toEqual([allow('usr_ada_0000', 'operator')])
    run('delete from member where user_id = ?', 'usr_ada_0000')
    expect(await rows()).toEqual([])
  })

  it('counts every change, also one of another program', async () => {
    const { read } = await fill()
    let version = await read.policy.version(organisation.id)
    for (const sql of [
      `insert into device_group values ('grp_1', '${organisation.id}', '${rootId}', 'One')`,
      `insert into group_setting values ('${organisation.id}', 'grp_1', 'unattended', 'true')`,
      "update group_setting set value = 'false'",
      'delete from group_setting',
      `insert into role values ('${organisation.id}', 'rol_1', 'Viewer', '["view"]')`,
      `insert into role_assignment values ('asg_1', '${organisation.id}', null, 'rol_1', 'grp_1', 'deny')`,
      'delete from role_assignment',
    ]) {
      run(sql)
      const now = await read.policy.version(organisation.id)
      expect([sql, now > version]).toEqual([sql, true])
      version = now
    }
  })

  it("A47 refuses a row that mixes two organisations' groups and roles", async () => {
    await fill()
    const other = newId('organisation', nodeChance)
    run('insert into organisation (id, name, created_at_ms) values (?, ?, 1)', other, 'Other')
    for (const [sql, values] of [
      ['insert into device_group values (?, ?, ?, ?)', ['grp_x', other, rootId, 'Within']],
      ['insert into role_assignment values (?, ?, null, ?, ?, ?)', ['asg_x', other, 'operator', rootId, 'deny']],
      ['insert into group_setting values (?, ?, ?, ?)', [other, rootId, 'unattended', 'true']],
    ] as const)
      expect(() => run(sql, ...values)).toThrow('FOREIGN KEY')
    expect(() =>
      run("insert into role_assignment values ('asg_y', ?, null, 'operator', ?, 'allow')", organisation.id, rootId),
    ).toThrow('CHECK')
  })

  it('A146 finds the rows of a policy, and devices by their groups, by an index', async () => {
    await fill()
    for (const sql of [
      "select policy_version from organisation where id = 'x'",
      "select * from device_group where organisation_id = 'x'",
      "select * from role where organisation_id = 'x'",
      "select * from role_assignment where organisation_id = 'x'",
      "select * from group_setting where organisation_id = 'x'",
      "delete from group_setting where organisation_id = 'x' and group_id = 'x'",
      "delete from role_assignment where organisation_id = 'x' and group_id = 'x'",
      "delete from role_assignment where user_id = 'x'",
      "select * from member join user on user.id = member.user_id where member.organisation_id = 'x'",
      "select id from device where group_id = 'x' and removed_at_ms is null limit 1",
      "update device set group_id = 'y' where group_id = 'x' and removed_at_ms is not null",
      "select * from device where organisation_id = 'x' and name = 'x' and removed_at_ms is null",
      "select * from device where organisation_id = 'x' and group_id in ('x', 'y') and removed_at_ms is null order by name",
      "select * from session where organisation_id = 'x' and state_name <> 'closed'",
    ]) {
      const plan = JSON.stringify(run(`explain query plan ${sql}`))
      expect([sql, plan]).toEqual([sql, expect.not.stringMatching(/"SCAN/)])
    }
  })
})
