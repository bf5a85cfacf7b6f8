import { app, screen } from 'electron'
import { scaled } from '../scaled.ts'

/** The usable part of the main monitor in pixels of the display; call it once the shell is there. */
export function primaryWorkArea(): { x: number; y: number; width: number; height: number } {
  const { workArea, scaleFactor } = screen.getPrimaryDisplay()
  return scaled(workArea, scaleFactor)
}

/** Ends the program at once. */
export function exitElectron(code: number): void {
  app.exit(code)
}

/** The folder of this user's settings. */
export function userDataFolder(): string {
  return app.getPath('userData')
}
