import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { languageOf } from '#protocol/person/language.ts'
import { ConfigError, readConfig } from '../config/config.ts'
import { writeStateFile } from '../state/state-file.ts'
import { type Access, type BrokenAccess, readAccesses } from './accesses.ts'
import { historyPage } from './page.ts'

const USAGE = `handhold-agent history    shows who asked for this computer, and what the answer was
    --export FILE         writes every signed entry, and what was written in the chat, into a new file instead`

/** Resolves with the exit code. */
export async function runHistory(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { values } = parseArgs({ args: [...args], options: { export: { type: 'string' } }, strict: true })
    const { stateDir, displayAddress } = readConfig(environment).config
    const accesses = await readAccesses(stateDir)
    if (values.export !== undefined) {
      const documents = accesses.map(access => exported(access))
      await writeFile(values.export, `${JSON.stringify(documents, null, 2)}\n`, { flag: 'wx', mode: 0o600 })
      console.log(`${accesses.length} entries are in ${values.export}.`)
      return 0
    }
    const { LC_ALL, LC_MESSAGES, LANG } = environment
    const page = join(stateDir, 'history.html')
    await writeStateFile(page, historyPage(languageOf(LC_ALL || LC_MESSAGES || LANG), accesses))
    if (displayAddress !== null) show(page, environment)
    console.log(page)
    return 0
  } catch (thrown) {
    console.error(`handhold-agent: ${thrown instanceof Error ? thrown.message : thrown}\n${USAGE}`)
    return thrown instanceof ConfigError ? 2 : 1
  }
}

/** A chat stands beside what is signed: whoever checks the entry passes it over. */
const exported = (access: Access | BrokenAccess) =>
  'problem' in access || access.chat.length === 0 ? access.document : { ...access.document, chat: access.chat }

/** In the person's own browser; where there is none, its path was said. */
function show(page: string, environment: NodeJS.ProcessEnv): void {
  const opener = spawn('xdg-open', [page], { detached: true, stdio: 'ignore', env: environment })
  opener.on('error', () => undefined)
  opener.unref()
}
