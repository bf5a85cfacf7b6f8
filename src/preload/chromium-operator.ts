import { operatorContract } from '#ipc/operator.ts'
import { exposeInChromium } from './chromium-expose.ts'

exposeInChromium(operatorContract)
