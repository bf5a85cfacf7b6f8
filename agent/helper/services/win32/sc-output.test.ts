import { describe, expect, it } from 'vitest'
import { hasWine, WinePrefix } from '#testing/wine-prefix.ts'
import { parseScQuery, parseScState, parseStarts } from './sc-output.ts'
import { WindowsServices } from './windows-services.ts'

const QUERY = `\r
SERVICE_NAME: Spooler\r
DISPLAY_NAME: Print Spooler\r
        TYPE               : 110  WIN32_OWN_PROCESS  (interactive)\r
        STATE              : 4  RUNNING \r
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)\r
        WIN32_EXIT_CODE    : 0  (0x0)\r
        SERVICE_EXIT_CODE  : 0  (0x0)\r
        CHECKPOINT         : 0x0\r
        WAIT_HINT          : 0x0\r
\r
SERVICE_NAME: MSSQL$SQLEXPRESS\r
DISPLAY_NAME: SQL Server (SQLEXPRESS): the till\r
        TYPE               : 10  WIN32_OWN_PROCESS  \r
        STATE              : 1  STOPPED \r
        WIN32_EXIT_CODE    : 1077  (0x435)\r
`
const SERVICES = 'HKLM\\SYSTEM\\CurrentControlSet\\Services'
const SPANISH = `\r
NOMBRE_SERVICIO: Spooler\r
NOMBRE_MOSTRAR : Cola de impresión\r
        TIPO               : 110  WIN32_OWN_PROCESS  (interactive)\r
        ESTADO             : 3  STOP_PENDING \r
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)\r
        CÓD_SALIDA_WIN32   : 0  (0x0)\r
`

describe('what sc.exe prints', () => {
  it('is read by its places and numbers, in any language', () => {
    expect(parseScQuery(QUERY)).toEqual([
      { unit: 'Spooler', description: 'Print Spooler', active: 'active', sub: 'running' },
      {
        ...{ unit: 'MSSQL$SQLEXPRESS', description: 'SQL Server (SQLEXPRESS): the till' },
        ...{ active: 'inactive', sub: 'stopped' },
      },
    ])
    expect(parseScQuery(SPANISH)).toEqual([
      { unit: 'Spooler', description: 'Cola de impresión', active: 'deactivating', sub: 'stop-pending' },
    ])
    expect(parseScState(SPANISH)).toBe('stop-pending')
    expect(parseScQuery('[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\nno such service\r\n')).toEqual([])
  })

  it('is completed by how each service starts', () => {
    const key = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services'
    const text = [
      `${key}\\Spooler`,
      '    Start    REG_DWORD    0x2',
      '',
      `${key}\\Spooler\\Security`,
      '    Start    REG_DWORD    0x4',
      '',
      `${key}\\wuauserv`,
      '    Start    REG_DWORD    0x3',
      '',
      'End of search: 3 match(es) found.',
    ].join('\r\n')
    expect([...parseStarts(text)]).toEqual([
      ['spooler', 'automatic'],
      ['wuauserv', 'manual'],
    ])
  })

  it.runIf(hasWine)('is read as Wine’s own sc.exe and reg.exe print it', { timeout: 120_000 }, async () => {
    const wine = await WinePrefix.make()
    try {
      const program = (name: string) => `C:\\windows\\system32\\${name}`
      // Wine starts it after its first program.
      const eventLog = async () => parseScState(await wine.run([program('sc.exe'), 'query', 'EventLog']))
      await expect.poll(eventLog, { timeout: 60_000, interval: 500 }).toMatch(/^(running|start-pending)$/)
      expect(parseScState(await wine.run([program('sc.exe'), 'query', 'Spooler']))).toBe('stopped')
      const starts = parseStarts(await wine.reg('query', SERVICES, '/s', '/v', 'Start'))
      expect([starts.get('eventlog'), starts.get('spooler'), starts.get('lanmanserver')]).toEqual([
        'automatic',
        'manual',
        'disabled',
      ])
    } finally {
      await wine.close()
    }
  })

  it.each(['a"b', 'x=y', '/x', '\\\\host\\x', '%COMSPEC%', '-x', "a'b", 'a\nb', ''])(
    'A83 %j is the name of no service',
    name => {
      expect(() => new WindowsServices().check(name)).toThrow(expect.objectContaining({ code: 'bad-request' }))
    },
  )
})
