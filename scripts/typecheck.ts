import { availableParallelism } from 'node:os'
import { packageBin, runStep } from './run-step.ts'

/**
 * One program for each environment, the long ones first: DOM and Node types are absent where they don't belong. Folders of the same environment are one program, as each would
 * check what it imports of the others again; their own tsconfig.json, with the same options, is what editors read.
 */
const PROJECTS = [
  'tsconfig.node.json',
  'tsconfig.tools.json',
  'src/renderer/checks',
  'src/renderer',
  'src/preload',
  'protocol',
  'src/ipc',
  'relay/pages',
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
