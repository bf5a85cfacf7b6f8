import { parseArgs } from 'node:util'
import { checkAudit } from './audit.ts'
import { auditWords, EXIT, type Spoken } from './audit-words.ts'
import { readThumbprint } from './key.ts'
import { checkReceiptFile } from './receipt.ts'
import { VerifyError } from './verify-error.ts'

const HELP = `handhold verify receipt FILE [--key DEVICE-KEY]
    checks a saved receipt: signatures, order, completeness, and what it says

handhold verify audit FILE [--heads FILE] [--key AUDIT-KEY] [--organisation ID]
    checks an exported audit (.jsonl) or a copy of a relay's database, and names the first row of each
    organisation that was altered, deleted, inserted, reordered, exchanged or cut off

A key is its thumbprint, or a file with the public key as JWK. Nothing is asked of any relay.
Ends with 0 when all is proven, 1 when something is wrong, 2 when it can't be read, 3 when it holds but something
is missing to prove it (a key, heads from elsewhere, the closing receipt).
`

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args)
  const [verb, what, file, ...rest] = positionals
  if (values.help || positionals.length === 0) return say({ lines: [HELP.trimEnd()], code: EXIT.good })
  if (verb !== 'verify' || file === undefined || rest.length > 0) throw new VerifyError('See handhold --help.')
  const thumbprint = await readThumbprint(values.key)
  if (what === 'receipt') return say(await checkReceiptFile(file, thumbprint))
  if (what !== 'audit') throw new VerifyError(`There is no "verify ${what}". See handhold --help.`)
  return say(auditWords(await checkAudit({ file, headsFile: values.heads, thumbprint, chain: values.organisation })))
}

function readArguments(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const
    const options = { key: text, heads: text, organisation: text, help: { type: 'boolean' } } as const
    return parseArgs({ args: [...args], allowPositionals: true, options })
  } catch (thrown) {
    throw new VerifyError(`${thrown instanceof Error ? thrown.message : 'Bad arguments'}. See handhold --help.`)
  }
}

function say({ lines, code }: Spoken): number {
  process.stdout.write(`${lines.join('\n')}\n`)
  return code
}

main(process.argv.slice(2)).then(
  code => {
    process.exitCode = code
  },
  thrown => {
    process.stderr.write(`handhold: ${thrown instanceof VerifyError ? thrown.message : thrown?.stack}\n`)
    process.exitCode = EXIT.usage
  },
)
