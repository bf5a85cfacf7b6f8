import { isDeepStrictEqual } from 'node:util'
import { type ConsentContract, consentContract } from '#ipc/consent.ts'
import type { Language } from '#protocol/person/language.ts'
import { scaled } from '../shell/scaled.ts'
import { type Shell, ShellError, type ShellWindow } from '../shell/shell.ts'
import { type BannerRoom, roomOf } from './banner-room.ts'
import { type ConsentClock, Conversation } from './conversation.ts'
import { CoverWatch } from './cover-watch.ts'
import type { Frame, OpenFrame } from './frame/frame.ts'
import type { OwnHand } from './own-hand/own-hand.ts'
import { type Area, bannerPlace, DIALOG_SIZE, dialogPlace } from './place.ts'
import type { ServiceChannel } from './service-channel.ts'

/** How long the reason of the end stays to be read. */
const OVER_SHOWN_MS = 2_500

export interface ConsentParts {
  readonly shell: Shell
  readonly channel: ServiceChannel
  /** The person's main monitor in pixels of the display; `undefined` where it can't be asked, and then the system places the dialog. */
  readonly monitor: Promise<Area | undefined>
  readonly clock: ConsentClock
  /** Of the person's desktop. */
  readonly language: Language
  /** Rejects where presses can't be told from programs': then nobody is asked. */
  readonly hand: Promise<OwnHand>
  /** Left out where the system has no frame yet. */
  readonly openFrame?: OpenFrame | undefined
}

/** Runs the consent window until it is gone, answered with "no", over, or the service left. Resolves with the exit code. */
export async function runConsent(parts: ConsentParts): Promise<number> {
  const { shell, channel, monitor, clock, language, hand, openFrame } = parts
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
  let window: ShellWindow<ConsentContract> | undefined
  let sent: Promise<void> = Promise.resolve()
  /** From the banner on. */
  let room: BannerRoom | undefined
  let hasChat = false
  let isKiosk = false
  let frame: Promise<Frame | undefined> | undefined

  const tellService = (message: Parameters<ServiceChannel['send']>[0]) => {
    sent = Promise.all([sent, channel.send(message)]).then(() => undefined)
    if (message.type === 'answer' && !message.answer.accept && !conversation.isLive) finish()
  }
  const conversation: Conversation = new Conversation({
    clock,
    language,
    requireOwnHand: only => hand.then(own => own.require(only)),
    refuseProgram: only => hand.then(own => own.refuseProgram(only)),
    forgetPresses: () => hand.then(own => own.forget()),
    tellService,
    show(state) {
      if (state.name === 'banner') {
        const placed = makeRoom()
        // A question counts as shown from its paint on, so that it is painted where there is room for it.
        if (placed && state.further) return void placed.then(() => window?.emit('stateChanged', conversation.state))
      }
      window?.emit('stateChanged', state)
      if (state.name === 'banner') void frame?.then(shown => shown?.show(state.isPaused))
      if (state.name === 'over') void frame?.then(shown => shown?.close())
      if (state.name === 'kiosk' && !isKiosk) {
        isKiosk = true
        void window?.cover()
      }
    },
    showChat: view => window?.emit('chatChanged', view),
    makeRoom(isOpen) {
      hasChat = isOpen
      void makeRoom()
    },
    keyboard: {
      take: () => void window?.focus(),
      giveBack: () => void window?.giveKeyboardBack(),
      spoilDraft: spoiled => window?.emit('draftSpoiled', spoiled),
    },
  })
  let standing: Area | undefined
  // Where the pointer is in another program's hands, a person's press on the banner comes to no window.
  void hand.then(
    own => {
      own.onPress(({ x, y }) => {
        if (!standing) return
        window?.emit('pressed', { x: x - standing.x, y: y - standing.y })
        conversation.keyboard.pressed(isWithin(standing, { x, y }))
      })
      own.onForeignKey(agoMs => conversation.keyboard.foreignKey(agoMs))
    },
    () => undefined,
  )
  const coverWatch = new CoverWatch(isCovered => tellService({ type: 'covered', isCovered }))
  /** Undefined where the banner has the room that it needs. */
  const makeRoom = (): Promise<void> | undefined => {
    const { state } = conversation
    const needed = state.name === 'banner' ? roomOf(state, hasChat) : undefined
    if (needed === undefined || isDeepStrictEqual(needed, room)) return undefined
    room = needed
    return becomeBanner(needed)
  }
  const becomeBanner = async (needed: BannerRoom) => {
    const area = await monitor
    // It is placed when the window is there.
    if (area === undefined || window === undefined) return
    const scale = await window.scale()
    const onPage = bannerPlace(scaled(area, 1 / scale), needed)
    const place = scaled(onPage, scale)
    // A session without the frame still has its banner.
    frame ??= openFrame?.(place).catch(() => undefined)
    await window.stayAt(onPage)
    standing = place
    tellService({ type: 'place', area: place })
  }

  void channel.closed.then(finish)
  channel.receive(message => {
    conversation.handleService(message)
    if (conversation.isOver) setTimeout(finish, window === undefined || isKiosk ? 0 : OVER_SHOWN_MS)
  })
  tellService({ type: 'ready' })
  try {
    await hand.catch(thrown => {
      throw new ShellError('display-missing', `This display can’t tell a person’s press from a program’s: ${thrown}`)
    })
    window = await shell.openWindow({
      view: 'consent',
      contract: consentContract,
      handlers: conversation.handlers,
      title: 'Handhold',
      bounds: DIALOG_SIZE,
      alwaysOnTop: true,
      mayClose: () => conversation.mayClose(),
      onCovered(isCovered) {
        conversation.handleCovered(isCovered)
        coverWatch.see(isCovered)
      },
    })
    void Promise.race([window.closed, shell.gone]).then(() => {
      conversation.handleWindowGone()
      finish()
    })
    // State that changed while the window opened was told to nobody; a banner is also placed only now.
    if (isKiosk) void window.cover()
    else if (room) {
      void becomeBanner(room)
      void window.giveKeyboardBack()
    } else void placeDialog(window, monitor)
    await finished
    return 0
  } catch (thrown) {
    if (!(thrown instanceof ShellError)) throw thrown
    tellService({ type: 'failed', message: thrown.message.slice(0, 500) })
    return 1
  } finally {
    coverWatch.close()
    void frame?.then(shown => shown?.close())
    await sent
    hand.then(
      own => own.close(),
      () => undefined,
    )
    await shell.quit()
  }
}

const isWithin = (area: Area, { x, y }: { readonly x: number; readonly y: number }) =>
  x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height

async function placeDialog(window: ShellWindow<ConsentContract>, monitor: Promise<Area | undefined>): Promise<void> {
  const area = await monitor
  if (area !== undefined) await window.setBounds(dialogPlace(scaled(area, 1 / (await window.scale()))))
}
