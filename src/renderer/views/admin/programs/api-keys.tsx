import { KeyRound } from 'lucide-react'
import { useCallback } from 'react'
import type { z } from 'zod'
import type { apiKeysReplySchema } from '#protocol/identity-http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago, Moment } from '../../../components/times.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { CollectionPage } from '../collection-page.tsx'
import { strings as common } from '../strings.ts'
import { KeyDialog } from './key-dialog.tsx'
import { SCOPE_WORDS, strings } from './strings.ts'

type ApiKey = z.infer<typeof apiKeysReplySchema>['apiKeys'][number]

const lastUse = ({ lastUsedAtMs }: ApiKey) =>
  lastUsedAtMs === null ? <span className="text-muted">{common.never}</span> : <Ago atMs={lastUsedAtMs} />

const COLUMNS: readonly Column<ApiKey>[] = [
  {
    key: 'name',
    title: strings.columns.name,
    render: key => <span className="font-medium">{key.name}</span>,
    hint: key => key.name,
    compare: byText(key => key.name),
  },
  {
    key: 'key',
    title: strings.columns.key,
    width: 132,
    render: ({ prefix }) => <span className="font-mono text-xs text-muted">{prefix}…</span>,
  },
  {
    key: 'may',
    isWide: true,
    title: strings.columns.may,
    render: ({ scopes }) => <span className="text-muted">{scopes.map(scope => SCOPE_WORDS[scope]).join(', ')}</span>,
    hint: ({ scopes }) => scopes.map(scope => SCOPE_WORDS[scope]).join('\n'),
  },
  {
    key: 'used',
    title: strings.columns.used,
    width: 112,
    render: lastUse,
    compare: byNumber(({ lastUsedAtMs }) => lastUsedAtMs),
  },
  {
    key: 'until',
    title: strings.columns.until,
    width: 160,
    render: ({ expiresAtMs }) => (
      <span className="text-muted">
        <Moment atMs={expiresAtMs} />
      </span>
    ),
    compare: byNumber(({ expiresAtMs }) => expiresAtMs),
  },
]

/** The keys with which programs use the relay. */
export function ApiKeys() {
  const { call } = useAdmin()
  const source = useLoaded(useCallback(async () => (await call.apiKeys(undefined)).apiKeys, [call]))
  return (
    <CollectionPage
      words={strings}
      icon={KeyRound}
      source={source}
      columns={COLUMNS}
      keyOf={key => key.id}
      textOf={key => `${key.name}\n${key.createdBy}\n${key.prefix}`}
      firstOrder={{ column: 'name', isDescending: false }}
      dialog={close => <KeyDialog onClose={close} />}
      drawer={(key, { close, ask }) => (
        <KeyDrawer
          apiKey={key}
          onClose={close}
          onRevoke={() => ask({ ...strings.revocation(key.name), act: () => call.revokeApiKey({ apiKeyId: key.id }) })}
        />
      )}
    />
  )
}

function KeyDrawer({ apiKey, onClose, onRevoke }: { apiKey: ApiKey; onClose: () => void; onRevoke: () => void }) {
  return (
    <Drawer
      title={apiKey.name}
      subtitle={`${apiKey.prefix}…`}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <Button className="text-danger-text" onClick={onRevoke}>
          {strings.revoke}
        </Button>
      }
    >
      <Facts
        facts={[
          [strings.columns.by, apiKey.createdBy],
          [strings.made, <Moment key="made" atMs={apiKey.createdAtMs} />],
          [strings.columns.until, <Moment key="until" atMs={apiKey.expiresAtMs} />],
          [strings.columns.used, lastUse(apiKey)],
        ]}
      />
      <DrawerPart title={strings.scopes}>
        <ul>
          {apiKey.scopes.map(scope => (
            <li key={scope}>{SCOPE_WORDS[scope]}</li>
          ))}
        </ul>
      </DrawerPart>
    </Drawer>
  )
}
