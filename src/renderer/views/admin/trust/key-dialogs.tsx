import { assertNever } from '#protocol/assert-never.ts'
import { SecretDialog } from '../secret-dialog.tsx'
import { BackupDialog } from './backup-dialog.tsx'
import { PhraseDialog } from './phrase-dialog.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { configuration } from './strings.ts'

export type KeyDialogName = 'phrase' | 'backup' | 'restore' | 'configuration'

export function KeyDialogs({ name, keyText, onClose }: { name: KeyDialogName; keyText: string; onClose: () => void }) {
  switch (name) {
    case 'phrase':
      return <PhraseDialog onClose={onClose} />
    case 'backup':
      return <BackupDialog onClose={onClose} />
    case 'restore':
      return <RestoreDialog onClose={onClose} />
    case 'configuration':
      return (
        <SecretDialog title={configuration.title} secret={keyText} warning={configuration.warning} onClose={onClose} />
      )
    default:
      return assertNever(name)
  }
}
