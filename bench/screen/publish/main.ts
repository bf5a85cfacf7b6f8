// Puts a run of `npm run bench -- screen` into docs/performance.md, tables and chart: node bench/screen/publish/main.ts RESULT_FILE
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { chartOf } from './chart.ts'
import { readResult } from './result.ts'
import { tablesOf } from './tables.ts'

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url))
const SECTION = /(<!-- screen -->\n)[\s\S]*?(<!-- \/screen -->)/

const [file] = process.argv.slice(2)
if (!file) {
  console.error('publish: say which file has the output of "npm run bench -- screen"')
  process.exit(2)
}
const products = readResult(await readFile(file, 'utf8'))
const page = await readFile(`${DOCS}performance.md`, 'utf8')
if (!SECTION.test(page)) throw new Error('docs/performance.md has no place for the screen')
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`
const measured = `Measured ${new Date().toISOString().slice(0, 10)} on ${machine}.`
const body = `${measured}\n\n${tablesOf(products)}\n\n![The screen, Handhold and peers](images/screen.svg)\n`
await writeFile(`${DOCS}images/screen.svg`, chartOf(products))
await writeFile(
  `${DOCS}performance.md`,
  page.replace(SECTION, (_, open, close) => `${open}${body}${close}`),
)
