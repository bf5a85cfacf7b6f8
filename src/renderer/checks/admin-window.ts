import type { BrowserContext } from 'playwright'
import { installBridge, type OpenedPage, openPage } from './built-pages.ts'
import { FakeMain } from './fake-main.ts'

export interface AdminWindow {
  /** What answers the calls of the administration. */
  readonly admin: FakeMain['admin']
  readonly state: Partial<FakeMain['state']>
  readonly headers?: Readonly<Record<string, string>>
}

/** The operator window of somebody signed in, with main's real handlers for what they administer. */
export async function openAdminWindow(
  context: BrowserContext,
  dist: string,
  { admin, state, headers = {} }: AdminWindow,
): Promise<OpenedPage & { readonly main: FakeMain }> {
  const main = new FakeMain(state)
  main.admin = admin
  const opened = await openPage(context, dist, 'operator', headers, async page => {
    const emit = await installBridge(page, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
  })
  return { ...opened, main }
}
