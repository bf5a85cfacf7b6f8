export interface InstallCommand {
  readonly platform: string
  readonly where: string
  readonly text: string
  /** What whoever runs it must know. */
  readonly caution?: string
}

/**
 * One line for each platform that makes an agent which is there already a member of the organisation; where there is no agent yet it leaves the settings for one.
 * The address is a checked origin and the token has only letters, digits, `-` and `_`, so that neither can end a quoted text. Where it can be helped the token is
 * in no argument, which every user could read.
 */
export function installCommands(relayUrl: string, token: string): InstallCommand[] {
  const json = JSON.stringify({ relayUrl, token })
  const mac = '/Library/Application Support/Handhold'
  const key = 'HKLM:\\SOFTWARE\\Policies\\Handhold\\Agent'
  const variable = 'HANDHOLD_AGENT_ENROLMENT_TOKEN'
  return [
    {
      platform: 'Linux',
      where: 'In a terminal of the user whose desktop it is',
      text: `${variable}='${token}' sudo --preserve-env=${variable} handhold-agent install --relay '${relayUrl}' --user "$USER"`,
    },
    {
      platform: 'Windows',
      where: 'In PowerShell, as an administrator',
      text: `$k='${key}'; New-Item -Force $k | Out-Null; Set-ItemProperty $k RelayUrl '${relayUrl}'; Set-ItemProperty $k Token '${token}'`,
      caution:
        'This prepares the settings only: there is no agent for Windows yet. Every user of the machine can read the token there: take one of few uses that ends soon, and delete the value Token afterwards.',
    },
    {
      platform: 'macOS',
      where: 'In Terminal',
      text: `sudo mkdir -p '${mac}' && printf '%s\\n' '${json}' | sudo sh -c 'umask 077 && cat >"${mac}/agent.json"'`,
      caution: 'This prepares the settings only: there is no agent for macOS yet.',
    },
    {
      platform: 'To try',
      where: 'On Linux, from a shell, without writing anything',
      text: `HANDHOLD_AGENT_RELAY_URL='${relayUrl}' HANDHOLD_AGENT_TOKEN='${token}' handhold-agent`,
    },
  ]
}
