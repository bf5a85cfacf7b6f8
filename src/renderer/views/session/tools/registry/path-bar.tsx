import { RefreshCw, Star } from 'lucide-react'
import { type FormEvent, useEffect, useState } from 'react'
import { isRegistryPath } from '#protocol/tools/registry.ts'
import { Menu, MenuItem, MenuLine, MenuText } from '../../../../components/menu.tsx'
import { ToolButton } from '../../../../components/tool-button.tsx'
import { registryStrings as strings } from './strings.ts'

/** Where one is, by name: written by hand, or one of the favourites. */
export function PathBar(props: {
  path: string | null
  favourites: { readonly paths: readonly string[]; toggle(path: string): void }
  isBusy: boolean
  onGo: (path: string) => void
  onRefresh: () => void
}) {
  const { path, favourites } = props
  const [text, setText] = useState('')
  useEffect(() => setText(path ?? ''), [path])
  const wanted = withRoot(text)
  const isWrong = text !== '' && !isRegistryPath(wanted)
  const isKept = path !== null && favourites.paths.includes(path)
  return (
    <form
      className="flex shrink-0 items-center gap-1.5 p-2"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        props.onGo(wanted)
      }}
    >
      <input
        aria-label={strings.path}
        aria-invalid={isWrong}
        title={isWrong ? strings.pathWrong : undefined}
        value={text}
        placeholder={strings.path}
        spellCheck={false}
        onChange={event => setText(event.target.value)}
        className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2.5 font-mono text-xs focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger"
      />
      <Menu
        align="end"
        trigger={
          <ToolButton label={strings.favourites}>
            <Star aria-hidden size={15} fill={isKept ? 'currentColor' : 'none'} />
          </ToolButton>
        }
      >
        {path ? (
          <MenuItem onSelect={() => favourites.toggle(path)}>
            {isKept ? strings.dropFavourite : strings.addFavourite}
          </MenuItem>
        ) : null}
        {path ? <MenuLine /> : null}
        {favourites.paths.length === 0 ? <MenuText>{strings.noFavourites}</MenuText> : null}
        {favourites.paths.map(kept => (
          <MenuItem key={kept} onSelect={() => props.onGo(kept)}>
            <span className="max-w-xl truncate font-mono text-xs">{kept}</span>
          </MenuItem>
        ))}
      </Menu>
      <ToolButton label={strings.refresh} onClick={props.onRefresh}>
        <RefreshCw aria-hidden size={15} className={props.isBusy ? 'animate-spin' : ''} />
      </ToolButton>
    </form>
  )
}

const SHORT: Readonly<Record<string, string>> = {
  HKCR: 'HKEY_CLASSES_ROOT',
  HKCU: 'HKEY_CURRENT_USER',
  HKLM: 'HKEY_LOCAL_MACHINE',
  HKU: 'HKEY_USERS',
  HKCC: 'HKEY_CURRENT_CONFIG',
}

/** As people write it: a short root, a backslash too many. */
function withRoot(text: string): string {
  const [root = '', ...names] = text.trim().replace(/\\+$/, '').split('\\')
  return [SHORT[root.toUpperCase()] ?? root.toUpperCase(), ...names].join('\\')
}
