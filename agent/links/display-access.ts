/** A display of a session's own: where it is, and the file with its cookie. */
export interface DisplayAccess {
  readonly address: string
  readonly authority: string
}

/** As programs that show something find it. */
export const displayEnvironment = ({ address, authority }: DisplayAccess): Record<string, string> => ({
  DISPLAY: address,
  XAUTHORITY: authority,
})

/** For what a program starts that was given such a display and makes an environment of its own. */
export function inheritedDisplay(
  own: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const { DISPLAY: address, XAUTHORITY: authority } = own
  return address && authority ? displayEnvironment({ address, authority }) : {}
}
