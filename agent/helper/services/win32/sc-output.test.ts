import { describe, expect, it } from 'vitest'
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

  it.each(['a"b', 'x=y', '/x', '\\\\host\\x', '%COMSPEC%', '-x', "a'b", 'a\nb', ''])(
    'A83 %j is the name of no service',
    name => {
      expect(() => new WindowsServices().check(name)).toThrow(expect.objectContaining({ code: 'bad-request' }))
    },
  )
})
