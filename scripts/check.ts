import { packageBin, runStep } from './run-step.ts'

/** Every check of the project, quick ones first. `node scripts/check.ts` runs all and fails if any failed. */
const STEPS: ReadonlyArray<{ name: string; command: string; args: readonly string[] }> = [
  { name: 'types', command: process.execPath, args: ['scripts/typecheck.ts'] },
  { name: 'lint and format', command: packageBin('biome'), args: ['check', '--error-on-warnings', '.'] },
  {
    name: 'import arrows',
    command: packageBin('depcruise'),
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      'protocol',
      'reach',
      'src',
      'relay',
      'agent',
      'testing',
      'e2e',
      'bench',
      'scripts',
    ],
  },
  { name: 'dead code', command: packageBin('knip'), args: [] },
  { name: 'build', command: process.execPath, args: ['scripts/build.ts'] },
  { name: 'unit and integration tests', command: process.execPath, args: ['scripts/run-tests.ts'] },
  {
    name: 'end-to-end tests',
    command: packageBin('playwright'),
    args: ['test', '--config', 'e2e/playwright.config.ts', '--retries=1'],
  },
]

const failed: string[] = []
for (const { name, command, args } of STEPS) {
  const startedAt = performance.now()
  console.log(`\n── ${name}`)
  const code = await runStep(command, args)
  console.log(
    `── ${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  )
  if (code !== 0) failed.push(name)
  // What doesn't build can't be tested; the rest of the report would be noise.
  if (code !== 0 && name === 'build') break
}

console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`)
console.log(`checks: ${STEPS.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1
