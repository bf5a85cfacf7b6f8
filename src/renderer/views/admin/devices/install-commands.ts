export interface InstallCommand {
  readonly platform: string
  readonly where: string
  readonly text: string
}

/**
 * One line for each platform that writes the configuration from which the agent enrols by itself. The address is a checked origin and the token
 * has only letters, digits, `-` and `_`, so that neither can end a quoted text.
 */
export function installCommands(relayUrl: string, token: string): InstallCommand[] {
  const json = JSON.stringify({ relayUrl, token })
  const unix = (folder: string) =>
    `sudo mkdir -p '${folder}' && printf '%s\\n' '${json}' | sudo tee '${folder}/agent.json' >/dev/null`
  const key = 'HKLM:\\SOFTWARE\\Policies\\Handhold\\Agent'
  return [
    {
      platform: 'Linux',
      where: 'In a terminal, as an administrator',
      text: `${unix('/etc/handhold')} && systemctl --user enable --now handhold-agent`,
    },
    {
      platform: 'Windows',
      where: 'In PowerShell, as an administrator',
      text: `$k='${key}'; New-Item -Force $k | Out-Null; Set-ItemProperty $k RelayUrl '${relayUrl}'; Set-ItemProperty $k Token '${token}'`,
    },
    { platform: 'macOS', where: 'In Terminal', text: unix('/Library/Application Support/Handhold') },
    {
      platform: 'To try',
      where: 'On Linux, from a shell, without writing anything',
      text: `HANDHOLD_AGENT_RELAY_URL='${relayUrl}' HANDHOLD_AGENT_TOKEN='${token}' handhold-agent`,
    },
  ]
}
