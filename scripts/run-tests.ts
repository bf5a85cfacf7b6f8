import { readFile, rm } from 'node:fs/promises'
import { relative } from 'node:path'
import { packageBin, root, runStep } from './run-step.ts'

const REPORT = `${root}node_modules/.cache/tests.json`
interface FileResult {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly { readonly status: string }[]
}

const hasFailedTest = ({ assertionResults }: FileResult): boolean =>
  assertionResults.some(({ status }) => status === 'failed')

/** More than so many at once are no accident. */
const FILES_TO_TRY_AGAIN = 3

/**
 * `npm test`'s unit and integration tests. Thousands of them with real processes: a test that fails gets one more try at once, and a file in which none failed but
 * whose process died (native code runs in it) at the end. The report names what needed it, which is a defect to look for; what fails twice is red.
 */
const code = await runTests([])
if (code === 0) process.exit(0)
const failed = await failedFiles()
if (failed.length === 0 || failed.length > FILES_TO_TRY_AGAIN) process.exit(code)
console.log(
  `\nSecond try of ${failed.join(', ')}: its process died, or what surrounds its tests failed, in the run above.`,
)
process.exit(await runTests(failed))

async function runTests(files: readonly string[]): Promise<number> {
  await rm(REPORT, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${REPORT}`]
  return runStep(packageBin('vitest'), ['run', '--retry=1', ...reporters, ...files])
}

async function failedFiles(): Promise<string[]> {
  const text = await readFile(REPORT, 'utf8').catch(() => '{"testResults":[]}')
  const { testResults } = JSON.parse(text) as { testResults: readonly FileResult[] }
  const bad = testResults.filter(({ status }) => status === 'failed')
  return bad.some(hasFailedTest) ? [] : bad.map(({ name }) => relative(root, name))
}
