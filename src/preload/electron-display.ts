import { displayContract } from '#ipc/display.ts'
import { exposeInElectron } from './electron-expose.ts'

exposeInElectron(displayContract)
