import { seededRandom } from '#testing/seeded-random.ts'
import { CLICK_PATCH, type WorkloadName } from '../workload-names.ts'
import { photograph, textLine } from './pictures.ts'
import { type Surface, TEXT_ROW, WHITE } from './surface.ts'

/** Paints the frame of this number; nothing is awaited, so that a frame goes to the server in one piece. */
type PaintFrame = (frame: number) => void

const FRAMES_PER_SECOND = 60
/** Above it are the barcode and the agent's banner; nothing moves there, so that both leave the peers and Handhold the same work. */
const TOP = 96
const MOVING = { x: 200, y: 100, width: 1200, height: 700 }
const PHOTO_FRAMES = 24
const BUTTON_PRESS = 0b100

/** Each draws its still part and gives back what paints a frame; undefined where nothing moves. */
const WORKLOADS: Readonly<Record<WorkloadName | 'click', (surface: Surface) => Promise<PaintFrame | undefined>>> = {
  typing,
  scroll,
  windows,
  video,
  photo,
  changes,
  idle: async surface => {
    openPage(surface)
    return undefined
  },
  click,
}

export const startWorkload = (name: WorkloadName | 'click', surface: Surface) => WORKLOADS[name](surface)

/** A white window over the whole display, with a screen of text that comes back wherever something covered it. */
function openPage(surface: Surface): { page: number; lines: readonly string[] } {
  const { width, height } = surface
  const random = seededRandom(1)
  const lines = Array.from({ length: 200 }, () => textLine(random))
  const pixmap = surface.pixmap(width, height, WHITE)
  writeLines(surface, pixmap, lines, height)
  return { page: surface.window({ x: 0, y: 0, width, height }, { pixmap }), lines }
}

function writeLines(surface: Surface, drawable: number, lines: readonly string[], height: number): void {
  for (let row = 0, y = TOP + TEXT_ROW; y < height; row++, y += TEXT_ROW)
    surface.text(drawable, 4, y, lines[row % lines.length] ?? '')
}

/** A character every six frames, on top of the text that stands there. */
async function typing(surface: Surface): Promise<PaintFrame> {
  const { page } = openPage(surface)
  return frame => {
    if (frame % 6 !== 0) return
    const typed = frame / 6
    surface.text(page, 4 + (typed % 200) * 6, 300 + TEXT_ROW * (Math.floor(typed / 200) % 30), 'x')
  }
}

/** The whole screen of text moves eight pixels a frame, and a new line comes in below. */
async function scroll(surface: Surface): Promise<PaintFrame> {
  const { page, lines } = openPage(surface)
  const { width, height } = surface
  const step = 8
  return frame => {
    surface.copy(page, page, { x: 0, y: TOP + step, width, height: height - TOP - step }, { x: 0, y: TOP })
    surface.fill(page, WHITE, [0, height - step, width, step])
    if (frame % 2 === 0) surface.text(page, 4, height - 4, lines[frame % lines.length] ?? '')
  }
}

/** Three windows, two with text and one with a picture, move over a page of text and over each other. */
async function windows(surface: Surface): Promise<PaintFrame> {
  openPage(surface)
  const random = seededRandom(2)
  const size = { width: 640, height: 420 }
  const backs = [surface.pixmap(size.width, size.height, 0xfff3d6), surface.pixmap(size.width, size.height, 0xd9ecff)]
  for (const back of backs)
    for (let y = 20; y < size.height; y += TEXT_ROW) surface.text(back, 8, y, textLine(random).slice(0, 100))
  const picture = surface.pixmap(size.width, size.height)
  await surface.image(picture, size.width, photograph(size.width, size.height, 0, random))
  const moving = [...backs, picture].map(pixmap => surface.window({ x: 0, y: TOP, ...size }, { pixmap }))
  const room = { x: surface.width - size.width, y: surface.height - size.height - TOP }
  return frame => {
    moving.forEach((window, index) => {
      const angle = (frame / FRAMES_PER_SECOND) * (0.9 + index * 0.35) + index * 2
      const along = (turn: number, length: number) => Math.round(((Math.sin(turn) + 1) / 2) * length)
      surface.move(window, along(angle, room.x), TOP + along(angle * 0.7 + index, room.y))
    })
    if (frame % 90 === 0) surface.raise(moving[(frame / 90) % moving.length] ?? 0)
  }
}

/** Forty coloured rectangles a frame. */
async function video(surface: Surface): Promise<PaintFrame> {
  const { page } = openPage(surface)
  const random = seededRandom(3)
  return frame => {
    for (let index = 0; index < 40; index++) {
      const x = MOVING.x + ((frame * 7 + index * 37) % MOVING.width)
      const y = MOVING.y + ((index * 91 + frame * 3) % MOVING.height)
      surface.fill(page, Math.floor(random() * WHITE), [x, y, 160, 90])
    }
  }
}

/** A moving photograph with grain: no two frames of a round are alike, and no part of one is a copy of another. */
async function photo(surface: Surface): Promise<PaintFrame> {
  const { page } = openPage(surface)
  const random = seededRandom(4)
  const { width, height } = MOVING
  const frames: number[] = []
  for (let index = 0; index < PHOTO_FRAMES; index++) {
    const pixmap = surface.pixmap(width, height)
    await surface.image(pixmap, width, photograph(width, height, index / PHOTO_FRAMES, random))
    frames.push(pixmap)
  }
  return frame => surface.copy(frames[frame % PHOTO_FRAMES] ?? 0, page, { x: 0, y: 0, width, height }, MOVING)
}

/** Another whole screen each second. */
async function changes(surface: Surface): Promise<PaintFrame> {
  const { page, lines } = openPage(surface)
  const { width, height } = surface
  const screens = [WHITE, 0xffeeb0, 0xd0e8ff, 0xe4ffd8].map((colour, index) => {
    const screen = surface.pixmap(width, height, colour)
    writeLines(surface, screen, lines.slice(index * 40), height)
    return screen
  })
  return frame => {
    if (frame % FRAMES_PER_SECOND !== 0) return
    const screen = screens[(frame / FRAMES_PER_SECOND) % screens.length] ?? 0
    surface.copy(screen, page, { x: 0, y: TOP, width, height: height - TOP }, { x: 0, y: TOP })
  }
}

/** A patch that changes with each press of a button; nothing moves by itself. */
async function click(surface: Surface): Promise<undefined> {
  const { x, y, width, height } = CLICK_PATCH
  const all = { x: 0, y: 0, width: surface.width, height: surface.height }
  const page = surface.window(all, { colour: WHITE }, BUTTON_PRESS)
  let isBlack = false
  surface.connection.onEvent('ButtonPress', () => {
    isBlack = !isBlack
    surface.fill(page, isBlack ? 0 : WHITE, [x, y, width, height])
  })
  return undefined
}
