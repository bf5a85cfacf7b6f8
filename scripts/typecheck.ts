import { availableParallelism } from 'node:os'
import { packageBin, runStep } from './run-step.ts'

/** One tsconfig for each environment, and one for the tests of the two folders that have no environment at all: DOM and Node types are absent where they don't belong. */
const PROJECTS = [
  'protocol',
  'tsconfig.tests.json',
  'src/ipc',
  'src/main',
  'src/preload',
  'src/renderer',
  'src/renderer/checks',
  'relay',
  'relay/pages',
  'agent',
  'testing',
  'e2e',
  'bench',
  'scripts',
]

const waiting = [...PROJECTS]
let failures = 0

async function work(): Promise<void> {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    const buildInfo = `node_modules/.cache/tsc/${project.replaceAll('/', '-')}.tsbuildinfo`
    // What hasn't changed since the last check isn't checked again.
    const code = await runStep(packageBin('tsc'), [
      '--project',
      project,
      '--incremental',
      '--tsBuildInfoFile',
      buildInfo,
    ])
    if (code !== 0) failures++
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work))
console.log(`types: ${PROJECTS.length - failures} passed, ${failures} failed`)
process.exitCode = failures === 0 ? 0 : 1
