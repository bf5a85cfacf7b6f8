import { consentContract } from '#ipc/consent.ts'
import { exposeInElectron } from './electron-expose.ts'

exposeInElectron(consentContract)
