import { operatorContract } from '#ipc/operator.ts'
import { exposeInElectron } from './electron-expose.ts'

exposeInElectron(operatorContract)
