import { KeyRound } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { z } from 'zod'
import type { apiKeysReplySchema } from '#protocol/identity-http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago, Moment } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog, type Question } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { Centred } from '../page-states.tsx'
import { strings as common } from '../strings.ts'
import { useLoaded } from '../use-loaded.ts'
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
  const load = useCallback(async () => (await call.apiKeys(undefined)).apiKeys, [call])
  const { state, reload } = useLoaded(load)
  const [isMaking, setMaking] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  const create = (
    <Button tone="primary" onClick={() => setMaking(true)}>
      {strings.create}
    </Button>
  )
  const revocation = ({ id, name }: ApiKey, close: () => void): Question => ({
    title: strings.revokeTitle(name),
    text: strings.revokeText,
    submit: strings.revokeSubmit,
    busy: strings.revokeBusy,
    act: async () => {
      await call.revokeApiKey({ apiKeyId: id })
      close()
      await reload()
    },
  })
  return (
    <>
      <ListPage
        title={strings.title}
        searchLabel={strings.search}
        loading={strings.loading}
        count={strings.count}
        rows={state}
        columns={COLUMNS}
        keyOf={key => key.id}
        textOf={key => `${key.name}\n${key.createdBy}\n${key.prefix}`}
        firstOrder={{ column: 'name', isDescending: false }}
        onReload={() => void reload()}
        actions={create}
        empty={
          <Centred icon={<KeyRound aria-hidden size={28} />} title={strings.emptyTitle}>
            <p className="text-muted">{strings.emptyHint}</p>
            {create}
          </Centred>
        }
        drawer={(key, close) => (
          <Drawer
            title={key.name}
            subtitle={`${key.prefix}…`}
            closeLabel={common.close}
            onClose={close}
            footer={
              <Button className="text-danger-text" onClick={() => setQuestion(revocation(key, close))}>
                {strings.revoke}
              </Button>
            }
          >
            <Facts
              facts={[
                [strings.columns.by, key.createdBy],
                [strings.made, <Moment key="made" atMs={key.createdAtMs} />],
                [strings.columns.until, <Moment key="until" atMs={key.expiresAtMs} />],
                [strings.columns.used, lastUse(key)],
              ]}
            />
            <DrawerPart title={strings.scopes}>
              <ul>
                {key.scopes.map(scope => (
                  <li key={scope}>{SCOPE_WORDS[scope]}</li>
                ))}
              </ul>
            </DrawerPart>
          </Drawer>
        )}
      />
      {isMaking ? (
        <KeyDialog
          onClose={() => {
            setMaking(false)
            void reload()
          }}
        />
      ) : null}
      {question ? <ConfirmDialog question={question} onClose={() => setQuestion(null)} /> : null}
    </>
  )
}
