import { languageOf } from '#protocol/person/language.ts'
import { connectX } from '../../shell/chromium/x11/connection.ts'
import { primaryMonitor } from '../../shell/chromium/x11/monitors.ts'
import { Conversation } from '../conversation.ts'
import { CoverWatch } from '../cover-watch.ts'
import type { Frame } from '../frame/frame.ts'
import { openX11Frame } from '../frame/x11-frame.ts'
import type { OwnHand } from '../own-hand/own-hand.ts'
import { watchHands } from '../own-hand/x11-hand.ts'
import type { Area } from '../place.ts'
import { openServiceChannel } from '../service-channel.ts'
import { ZenityView } from './zenity-view.ts'
import { openZenity } from './zenity-window.ts'

/** How long the reason of the end stays to be read. */
const OVER_SHOWN_MS = 2_500

/** The consent program where the device has no browser. Resolves with the exit code. */
export async function runInZenity(program: string, env: NodeJS.ProcessEnv): Promise<number> {
  const channel = openServiceChannel(process)
  const finished = Promise.withResolvers<number>()
  let sent: Promise<void> = Promise.resolve()
  const tellService = (message: Parameters<typeof channel.send>[0]) => {
    sent = Promise.all([sent, channel.send(message)]).then(() => undefined)
    if (message.type === 'answer' && !message.answer.accept && !conversation.isLive) finished.resolve(0)
  }
  const fail = (message: string) => {
    tellService({ type: 'failed', message })
    finished.resolve(1)
  }
  const display = env.DISPLAY ?? ''
  let parts: { readonly hand: OwnHand; readonly monitor: Area } | undefined
  try {
    parts = { hand: await watchHands(display), monitor: await readMonitor(display) }
  } catch (thrown) {
    fail(`This display can’t tell a person’s press from a program’s: ${thrown}`.slice(0, 500))
    await sent
    return 1
  }
  const { hand, monitor } = parts
  let frame: Promise<Frame | undefined> | undefined
  const coverWatch = new CoverWatch(isCovered => tellService({ type: 'covered', isCovered }))
  const conversation = new Conversation({
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    language: languageOf(env.LC_ALL || env.LC_MESSAGES || env.LANG),
    requireOwnHand: only => hand.require(only),
    refuseProgram: only => hand.refuseProgram(only),
    forgetPresses: () => hand.forget(),
    tellService,
    show(state) {
      view.show(state)
      if (state.name === 'banner') void frame?.then(shown => shown?.show(state.isPaused))
      if (state.name === 'over') void frame?.then(shown => shown?.close())
    },
    // There is no chat here; what the operator writes isn't said to have arrived.
    showChat: () => undefined,
    makeRoom: () => undefined,
    // Its windows say nothing of the keyboard; the banner's give it back when they come up.
    keyboard: { take: () => undefined, giveBack: () => undefined, spoilDraft: () => undefined },
  })
  const view: ZenityView = new ZenityView({
    handlers: conversation.handlers,
    nowMs: () => Date.now(),
    open(content, kind) {
      const window = openZenity({
        ...{ program, env, display, ...content },
        place: size => placeOf(size, monitor, kind),
        stays: kind === 'banner',
        onCovered(isCovered) {
          conversation.handleCovered(isCovered)
          coverWatch.see(isCovered)
        },
      })
      conversation.handleCovered(false)
      coverWatch.see(false)
      if (kind === 'banner') void window.shown.then(standsThere, () => undefined)
      return window
    },
    onGone() {
      conversation.handleWindowGone()
      finished.resolve(0)
    },
    onFailed: () => fail('No browser is installed, and zenity can’t show this.'),
  })
  function standsThere(area: Area): void {
    // A session without the frame still has its banner.
    frame ??= openX11Frame(display, area).catch(() => undefined)
    tellService({ type: 'place', area })
  }

  void channel.closed.then(() => finished.resolve(0))
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => finished.resolve(0))
  channel.receive(message => {
    // What is written can't be shown, so nothing says that it arrived.
    if (message.type !== 'chat') conversation.handleService(message)
    if (conversation.isOver) setTimeout(() => finished.resolve(0), OVER_SHOWN_MS)
  })
  tellService({ type: 'ready' })
  const code = await finished.promise
  view.close()
  coverWatch.close()
  void frame?.then(shown => shown?.close())
  hand.close()
  await sent
  return code
}

function placeOf(size: { readonly width: number; readonly height: number }, monitor: Area, kind: string): Area {
  const x = monitor.x + Math.round((monitor.width - size.width) / 2)
  const y = kind === 'banner' ? monitor.y : monitor.y + Math.max(0, Math.round((monitor.height - size.height) / 2))
  return { x, y, ...{ width: size.width, height: size.height } }
}

async function readMonitor(display: string): Promise<Area> {
  const connection = await connectX(display)
  try {
    return await primaryMonitor(connection)
  } finally {
    connection.close()
  }
}
