/** Whatever an unattended session starts has its id under this name in its environment, and so has what that starts: the end of the session finds all of it. */
const NAME = 'HANDHOLD_SESSION'

export const sessionMark = (sessionId: string): Record<string, string> => ({ [NAME]: sessionId })

/** What stands there for a script that runs without a session: a run has many devices, and two agents of one machine end only what is their own. */
export const runMarkOf = (runId: string, deviceId: string): string => `${runId}.${deviceId}`

/** The mark as a program that was started with it has to pass it on where it makes an environment of its own. */
export function inheritedMark(own: Readonly<Record<string, string | undefined>> = process.env): Record<string, string> {
  const sessionId = own[NAME]
  return sessionId === undefined ? {} : sessionMark(sessionId)
}

/** The mark as it stands among a process's `environ`. */
export const markEntry = (sessionId: string): string => `${NAME}=${sessionId}`
