import { writeFile } from 'node:fs/promises'
import { root, runStep } from '../run-step.ts'
import { runCheck } from './check.ts'
import { readDemoOptions } from './options.ts'
import { type DemoWorld, openDemoWorld, outputFolder, saveScreens } from './world.ts'

const SCREENSHOT_INTERVAL_MS = 5_000

const say = (text: string) => console.log(`demo: ${text}`)
const options = readDemoOptions(process.argv.slice(2))

say('building the programs')
if ((await runStep(process.execPath, [`${root}scripts/build.ts`])) !== 0) process.exit(1)

let world: DemoWorld | undefined
try {
  world = await openDemoWorld({ cdpPort: options.cdpPort, needsHands: options.check, say })
  if (options.check) await check(world)
  else await stayUp(world)
} catch (thrown) {
  console.error(`demo: ${(thrown as Error).message}`)
  if (world) {
    await saveScreens(world)
    say('what the screens showed then is in demo-output/')
  }
  process.exitCode = 1
} finally {
  await world?.stop()
}
process.exit()

async function check(opened: DemoWorld): Promise<void> {
  const timings = await runCheck(opened, say)
  await opened.stop()
  console.log(JSON.stringify(timings))
}

async function stayUp(opened: DemoWorld): Promise<void> {
  const { operator, relay, displays, cdpPort } = opened
  const { email, password } = relay.administrator
  await operator.signIn(relay.url, relay.administrator)
  await operator.deviceRow().first().waitFor()
  say(`signed in as ${email} (password ${password})`)
  say(`the operator window's DevTools protocol is on 127.0.0.1:${cdpPort}`)
  const facts = {
    relayUrl: relay.url,
    email,
    password,
    operatorDisplay: displays.operator,
    deviceDisplay: displays.device,
    cdpPort,
  }
  await writeFile(`${outputFolder}/demo.json`, `${JSON.stringify(facts, null, 2)}\n`)
  say(`fresh screenshots every ${SCREENSHOT_INTERVAL_MS / 1000} s and demo.json are in demo-output/`)
  say('running; end it with Ctrl-C')
  await keepScreenshots(opened)
  say('stopping')
}

/** Until Ctrl-C. */
async function keepScreenshots(opened: DemoWorld): Promise<void> {
  const stopped = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve())
  let isStopped = false
  void stopped.promise.then(() => {
    isStopped = true
  })
  while (!isStopped) {
    await saveScreens(opened)
    await Promise.race([stopped.promise, new Promise(resolve => setTimeout(resolve, SCREENSHOT_INTERVAL_MS))])
  }
}
