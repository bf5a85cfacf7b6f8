import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { RegistryAccess } from '#protocol/tools/registry.ts'
import { Button } from '../../../../components/button.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { accessStrings, registryStrings as strings } from './strings.ts'

/** What may be done here; a press shows who owns the key and who else may do what. */
export function AccessLine({ path, access }: { path: string; access: RegistryAccess }) {
  const [isOpen, setOpen] = useState(false)
  const rights = strings.rights(access.user, access.rights)
  return (
    <>
      <button
        type="button"
        title={accessStrings.hint}
        onClick={() => setOpen(true)}
        className="flex min-w-0 items-center gap-1.5 rounded px-1 hover:bg-hover hover:text-text"
      >
        <KeyRound aria-hidden size={12} className="shrink-0" />
        <span className="truncate">{rights}</span>
      </button>
      {isOpen ? (
        <Dialog title={accessStrings.title} onClose={() => setOpen(false)} className="w-[640px] text-sm text-text">
          <p className="mb-3 break-all font-mono text-muted text-xs">{path}</p>
          <p>{rights}.</p>
          {access.entries.length === 0 ? (
            <p className="mt-2 text-muted">{accessStrings.unsaid}</p>
          ) : (
            <ul
              data-selectable
              className="mt-3 max-h-72 overflow-auto rounded-md border border-line bg-bg px-3 py-2 text-xs"
            >
              {[...new Set(access.entries)].map(entry => (
                <li key={entry} className="py-0.5">
                  {entry}
                </li>
              ))}
            </ul>
          )}
          <div className="mt-4 flex justify-end">
            <Button onClick={() => setOpen(false)}>{strings.close}</Button>
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
