import { useState } from 'react'
import { Command } from '../../../components/command.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { useReady } from '../../app-context.ts'
import { SecretDialog } from '../secret-dialog.tsx'
import { strings as common } from '../strings.ts'
import { strings } from './enrolment-strings.ts'
import { installCommands } from './install-commands.ts'

/** A new token, and the line that brings a device in with it. */
export function InstallDialog({ token, onClose }: { token: string; onClose: () => void }) {
  const relayUrl = useReady(state => (state.auth.name === 'signed-in' ? state.auth.relayUrl : ''))
  const commands = installCommands(relayUrl, token)
  const [platform, setPlatform] = useState('Linux')
  const command = commands.find(candidate => candidate.platform === platform) ?? commands[0]
  return (
    <SecretDialog title={strings.madeTitle} secret={token} warning={strings.warning} onClose={onClose}>
      <p className="mt-4 mb-2">{strings.install}</p>
      <Segmented
        label={strings.installLabel}
        value={platform}
        onChange={setPlatform}
        options={commands.map(({ platform: name }) => ({ value: name, label: name }))}
      />
      {command ? (
        <div key={command.platform} className="mt-2">
          <p className="text-xs text-muted">{command.where}</p>
          <Command
            text={command.text}
            copyLabel={common.copy}
            copiedLabel={common.copied}
            byHandLabel={common.copyByHand}
          />
          {command.caution ? <p className="mt-2 text-xs text-warn-text">{command.caution}</p> : null}
        </div>
      ) : null}
    </SecretDialog>
  )
}
