import { consentContract } from '#ipc/consent.ts'
import { exposeInChromium } from './chromium-expose.ts'

exposeInChromium(consentContract)
