import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { environmentOfAccount, readAccounts } from './accounts.ts'

test('accounts are read from a passwd file, and lines that are none are left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-accounts-'))
  try {
    const passwd = join(folder, 'passwd')
    await writeFile(passwd, 'root:x:0:0:root:/root:/bin/sh\n+nis\n\nkiosk:x:1000:1001:Kiosk,,,:/home/kiosk:/bin/bash\n')
    expect(readAccounts(passwd)).toEqual([
      { name: 'root', uid: 0, gid: 0, home: '/root' },
      { name: 'kiosk', uid: 1000, gid: 1001, home: '/home/kiosk' },
    ])
    expect(readAccounts(join(folder, 'missing'))).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a program of somebody else gets nothing of the service’s own home or runtime folder', () => {
  const account = { name: 'kiosk', uid: 4_000_000, gid: 4_000_000, home: '/home/kiosk' }
  expect(environmentOfAccount(account)).toEqual({
    HOME: '/home/kiosk',
    USER: 'kiosk',
    LOGNAME: 'kiosk',
    XDG_RUNTIME_DIR: undefined,
    DBUS_SESSION_BUS_ADDRESS: undefined,
  })
})
