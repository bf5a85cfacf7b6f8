import { contextBridge, ipcRenderer } from 'electron'
import { config } from 'zod'
import { createBridge } from '#ipc/bridge.ts'
import type { IpcContract } from '#ipc/contract.ts'
import { TO_MAIN_CHANNEL, TO_WINDOW_CHANNEL } from '#ipc/electron-channels.ts'

/** Puts the bridge of `contract`, and nothing of Electron, on the window of the app's own page. */
export function exposeInElectron(contract: IpcContract): void {
  config({ jitless: true })
  const bridge = createBridge(contract, {
    send: message => ipcRenderer.send(TO_MAIN_CHANNEL, message),
    receive: listener => void ipcRenderer.on(TO_WINDOW_CHANNEL, (_event, text: unknown) => listener(String(text))),
  })
  contextBridge.exposeInMainWorld('handhold', bridge)
}
