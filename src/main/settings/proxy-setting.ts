import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { proxySchema } from '../../../reach/proxy.ts'

const fileSchema = z.strictObject({ proxy: proxySchema })
const EXAMPLE = 'http://name:password@proxy.example.com:3128'

type Environment = Readonly<Record<string, string | undefined>>

/** The app can't start with what is set; `message` says where and what it should look like. */
class ProxySettingError extends TypeError {
  override readonly name = 'ProxySettingError'
}

/** The proxy that an administrator's file names, or else HANDHOLD_PROXY; undefined where neither does. */
export function readProxySetting(env: Environment, path = fileOf(process.platform, env)): string | undefined {
  const text = readIfThere(path)
  if (text !== undefined)
    return check(
      fileSchema.transform(({ proxy }) => proxy),
      json(text),
      path,
    )
  const { HANDHOLD_PROXY: named } = env
  // It holds a password, which no program that the app starts needs.
  delete process.env.HANDHOLD_PROXY
  return named ? check(proxySchema, named, 'HANDHOLD_PROXY') : undefined
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ProxySettingError(
    `${where}: proxy: ${parsed.error.issues[0]?.message ?? 'is not valid'}. Example: ${EXAMPLE}`,
  )
}

function fileOf(platform: NodeJS.Platform, env: Environment): string {
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Handhold', 'app.json')
  return platform === 'darwin' ? '/Library/Application Support/Handhold/app.json' : '/etc/handhold/app.json'
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw new ProxySettingError(`${path} can’t be read.`)
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
