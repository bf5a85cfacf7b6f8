import { clsx } from 'clsx'
import {
  BadgeCheck,
  Boxes,
  Building2,
  ChartColumn,
  FileCog,
  FileTerminal,
  KeyRound,
  type LucideIcon,
  Monitor,
  MonitorCheck,
  Radio,
  ScanSearch,
  ScrollText,
  ShieldCheck,
  SquareTerminal,
  UsersRound,
  Webhook,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { type AdminPage, isScriptsOnly } from '../../stores/admin/pages.ts'
import { Audit } from './activity/audit.tsx'
import { Reports } from './activity/reports.tsx'
import { Sessions } from './activity/sessions.tsx'
import { useAdmin, useAdminState } from './admin-context.ts'
import { AdminDevices } from './devices/devices.tsx'
import { Enrolment } from './devices/enrolment.tsx'
import { Organisation } from './organisation/organisation.tsx'
import { People } from './people/people.tsx'
import { Explain } from './policy/explain.tsx'
import { Groups } from './policy/groups.tsx'
import { PolicyFile } from './policy/policy-file.tsx'
import { Roles } from './policy/roles.tsx'
import { ApiKeys } from './programs/api-keys.tsx'
import { Webhooks } from './programs/webhooks.tsx'
import { Runs } from './scripts/runs.tsx'
import { Scripts } from './scripts/scripts.tsx'
import { StepUpDialog } from './step-up-dialog.tsx'
import { strings } from './strings.ts'
import { Trust } from './trust/trust.tsx'

const PAGES: Record<AdminPage, { icon: LucideIcon; view: ComponentType }> = {
  people: { icon: UsersRound, view: People },
  roles: { icon: ShieldCheck, view: Roles },
  trust: { icon: BadgeCheck, view: Trust },
  organisation: { icon: Building2, view: Organisation },
  groups: { icon: Boxes, view: Groups },
  file: { icon: FileCog, view: PolicyFile },
  explain: { icon: ScanSearch, view: Explain },
  devices: { icon: Monitor, view: AdminDevices },
  enrolment: { icon: MonitorCheck, view: Enrolment },
  sessions: { icon: Radio, view: Sessions },
  reports: { icon: ChartColumn, view: Reports },
  audit: { icon: ScrollText, view: Audit },
  scripts: { icon: FileTerminal, view: Scripts },
  runs: { icon: SquareTerminal, view: Runs },
  keys: { icon: KeyRound, view: ApiKeys },
  webhooks: { icon: Webhook, view: Webhooks },
}

const SECTIONS: readonly { readonly title: string; readonly pages: readonly AdminPage[] }[] = [
  { title: strings.sections.people, pages: ['people', 'roles', 'explain', 'trust', 'organisation'] },
  { title: strings.sections.devices, pages: ['devices', 'groups', 'enrolment', 'file'] },
  { title: strings.sections.scripts, pages: ['scripts', 'runs'] },
  { title: strings.sections.activity, pages: ['sessions', 'reports', 'audit'] },
  { title: strings.sections.programs, pages: ['keys', 'webhooks'] },
]

/** The administration: its menu at the left, one page beside it. Pages that the person may not use aren't in it. */
export function Admin() {
  const page = useAdminState(state => state.page)
  const View = page ? PAGES[page].view : null
  return (
    <div className="flex h-full">
      <AdminMenu />
      {View ? <View /> : <p className="p-6 text-muted">{strings.none}</p>}
      <StepUpDialog />
    </div>
  )
}

function AdminMenu() {
  const { show } = useAdmin()
  const pages = useAdminState(state => state.pages)
  const isScripts = isScriptsOnly(pages)
  const current = useAdminState(state => state.page)
  return (
    <nav
      aria-label={isScripts ? strings.sections.scripts : strings.title}
      className="flex w-[196px] shrink-0 flex-col gap-3 overflow-y-auto border-r border-line px-2 py-2"
    >
      {SECTIONS.map(section => {
        const own = section.pages.filter(page => pages.includes(page))
        if (own.length === 0) return null
        return (
          <section key={section.title} className="flex flex-col gap-0.5">
            {isScripts ? null : <h2 className="px-2 pb-1 text-xs text-muted">{section.title}</h2>}
            {own.map(page => (
              <MenuEntry key={page} page={page} isCurrent={page === current} onShow={() => show(page)} />
            ))}
          </section>
        )
      })}
    </nav>
  )
}

function MenuEntry({ page, isCurrent, onShow }: { page: AdminPage; isCurrent: boolean; onShow: () => void }) {
  const Icon = PAGES[page].icon
  return (
    <button
      type="button"
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onShow}
      className={clsx(
        'flex h-7 items-center gap-2 rounded-md px-2 text-left',
        isCurrent ? 'bg-accent-soft font-medium text-accent-text' : 'hover:bg-hover',
      )}
    >
      <Icon aria-hidden size={15} className="shrink-0" />
      {strings.pages[page]}
    </button>
  )
}
