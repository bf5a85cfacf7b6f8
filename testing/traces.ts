import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { groupedPassword } from '#protocol/unattended/password.ts'
import { processTree } from './process-tree.ts'

export interface Searched {
  /** These processes and all that come of them: arguments and environments. */
  readonly pids: readonly number[]
  /** With everything in them; a database's write-ahead log and a browser's profile are files too. */
  readonly folders: readonly string[]
  /** What was printed, said or audited. */
  readonly texts?: readonly string[]
}

/** Where a one-time password can be read, however it is written there: in groups or not, in either case, as UTF-16, in hexadecimal or in base64. Empty where it can't. */
export async function tracesOf(password: string, { pids, folders, texts = [] }: Searched): Promise<string[]> {
  const tree = pids.flatMap(pid => processTree(pid).map(known => known.pid))
  const facts = tree.flatMap(pid => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
  const files = (await Promise.all(folders.map(filesIn))).flat()
  const isIn = searchFor([password, groupedPassword(password)])
  const found = await Promise.all(
    [...facts, ...files].map(async path => (isIn(await readFile(path, 'latin1').catch(() => '')) ? [path] : [])),
  )
  return [...found.flat(), ...texts.filter(isIn).map(text => text.slice(0, 200))]
}

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

/** Takes text as `latin1` reads it, so that no byte is lost. */
function searchFor(words: readonly string[]): (text: string) => boolean {
  const anyCase = words.flatMap(word => [word, wide(word), Buffer.from(word).toString('hex')]).map(lower)
  const exact = words.flatMap(word => [word, word.toLowerCase()]).flatMap(base64Within)
  return text => {
    const lowered = text.toLowerCase()
    return anyCase.some(form => lowered.includes(form)) || exact.some(form => text.includes(form))
  }
}

const lower = (form: string) => form.toLowerCase()
const wide = (word: string) => Buffer.from(word, 'utf16le').toString('latin1')

/** As it stands in the base64 of a longer text, at each of the three places where it can begin; the characters that it shares with its neighbours are left out. */
function base64Within(word: string): string[] {
  const plain = [0, 1, 2].map(before => {
    const text = Buffer.from(`${' '.repeat(before)}${word}`).toString('base64')
    return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + word.length) * 4) / 3))
  })
  return plain.flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
