import { useState } from 'react'
import { Field } from '../../../components/field.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
import { restore as words } from './strings.ts'

/** A backup has a few hundred characters; whatever is longer is something else. */
const FILE_MAX_BYTES = 8_000

/** The key back from paper or from its file. */
export function RestoreDialog({ onClose }: { onClose: () => void }) {
  const { call } = useAdmin()
  const [from, setFrom] = useState<'phrase' | 'backup'>('phrase')
  const [phrase, setPhrase] = useState('')
  const [text, setText] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const isReady = from === 'phrase' ? phrase.trim() !== '' : text !== '' && passphrase !== ''
  const act = () => call.restoreOrganisationKey(from === 'phrase' ? { from, phrase } : { from, text, passphrase })
  return (
    <ActDialog
      title={words.title}
      submit={words.submit}
      busy={words.busy}
      isReady={isReady}
      act={act}
      onClose={onClose}
    >
      <Segmented
        label={words.from}
        value={from}
        onChange={setFrom}
        options={[
          { value: 'phrase', label: words.fromPhrase },
          { value: 'backup', label: words.fromBackup },
        ]}
      />
      {from === 'phrase' ? (
        <Field
          label={words.phrase}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={phrase}
          onChange={event => setPhrase(event.target.value)}
        />
      ) : (
        <>
          <Field
            label={words.file}
            type="file"
            accept="application/json,.json"
            className="py-1"
            onChange={event => {
              const file = event.target.files?.[0]
              void file?.slice(0, FILE_MAX_BYTES).text().then(setText)
            }}
          />
          <Field
            label={words.passphrase}
            type="password"
            autoComplete="off"
            maxLength={128}
            value={passphrase}
            onChange={event => setPassphrase(event.target.value)}
          />
        </>
      )}
    </ActDialog>
  )
}
