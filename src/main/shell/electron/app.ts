import { app, screen } from 'electron'

/** The usable part of the main monitor; call it once the shell is there. */
export function primaryWorkArea(): { x: number; y: number; width: number; height: number } {
  return screen.getPrimaryDisplay().workArea
}

/** Ends the program at once. */
export function exitElectron(code: number): void {
  app.exit(code)
}

/** The folder of this user's settings. */
export function userDataFolder(): string {
  return app.getPath('userData')
}
