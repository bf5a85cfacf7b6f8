import { createAdapterFactory } from 'better-auth/adapters'

export interface StoredAccount {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly passwordHash: string
}

/** All that the identity library may do with the database. */
export interface IdentityRows {
  accountByEmail(email: string): Promise<StoredAccount | undefined>
  accountByUserId(userId: string): Promise<StoredAccount | undefined>
}

/**
 * The identity library's view of the database: it finds a person with their password hash, nothing else. The session that it makes of a right password
 * is kept nowhere, since a second factor may still be wanted; the relay makes its own. It has no way to make a user or to change one.
 */
export const identityAdapter = (rows: IdentityRows) =>
  createAdapterFactory({
    config: {
      adapterId: 'handhold',
      adapterName: 'Handhold',
      supportsDates: true,
      supportsBooleans: true,
      supportsJSON: true,
    },
    adapter: () => ({
      findOne: async <T>({ model, where }: Question) => {
        const [condition] = where
        if (model !== 'user' || where.length !== 1 || condition?.field !== 'email') throw notAllowed('findOne', model)
        const account = await rows.accountByEmail(String(condition.value))
        return (account ? userRow(account) : null) as T | null
      },
      findMany: async <T>({ model, where }: { model: string; where?: Condition[] }) => {
        const condition = where?.find(({ field }) => field === 'userId')
        if (model !== 'account' || !condition) throw notAllowed('findMany', model)
        const account = await rows.accountByUserId(String([condition.value].flat()[0]))
        return (account ? [accountRow(account)] : []) as T[]
      },
      create: async <T extends Record<string, unknown>>({ model, data }: { model: string; data: T }) => {
        if (model !== 'session') throw notAllowed('create', model)
        return { ...data, id: String(data.userId) }
      },
      update: ({ model }) => Promise.reject(notAllowed('update', model)),
      updateMany: ({ model }) => Promise.reject(notAllowed('updateMany', model)),
      delete: ({ model }) => Promise.reject(notAllowed('delete', model)),
      deleteMany: ({ model }) => Promise.reject(notAllowed('deleteMany', model)),
      count: ({ model }) => Promise.reject(notAllowed('count', model)),
    }),
  })

interface Condition {
  readonly field: string
  readonly value: unknown
}
interface Question {
  readonly model: string
  readonly where: Condition[]
}

const EPOCH = new Date(0)

const userRow = ({ userId, email, name }: StoredAccount) => ({
  id: userId,
  email,
  name,
  emailVerified: true,
  createdAt: EPOCH,
  updatedAt: EPOCH,
})

const accountRow = ({ userId, passwordHash }: StoredAccount) => ({
  id: userId,
  accountId: userId,
  providerId: 'credential',
  userId,
  password: passwordHash,
  createdAt: EPOCH,
  updatedAt: EPOCH,
})

const notAllowed = (operation: string, model: string) =>
  new Error(`The identity library asked for ${operation} of ${model}, which this relay doesn't allow.`)
