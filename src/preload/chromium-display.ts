import { displayContract } from '#ipc/display.ts'
import { exposeInChromium } from './chromium-expose.ts'

exposeInChromium(displayContract)
