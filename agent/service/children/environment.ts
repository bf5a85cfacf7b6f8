/** What children may inherit from the service's own environment. Everything else, NODE_OPTIONS and LD_PRELOAD first of all, is not theirs (A125). */
const INHERITED = [
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_MESSAGES',
  'TZ',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'USER',
  'LOGNAME',
]
/** Without these no program starts on Windows. */
const INHERITED_ON_WINDOWS = ['SystemRoot', 'TEMP', 'TMP', 'APPDATA', 'LOCALAPPDATA', 'USERPROFILE', 'PATHEXT']
const POSIX_PATH = '/usr/local/bin:/usr/bin:/bin'

export interface ChildEnvironmentInput {
  readonly own: Readonly<Record<string, string | undefined>>
  readonly displayAddress: string | null
  readonly platform: NodeJS.Platform
}

/** The fixed, small environment of every child process. */
export function childEnvironment({ own, displayAddress, platform }: ChildEnvironmentInput): Record<string, string> {
  const isWindows = platform === 'win32'
  const environment: Record<string, string> = { PATH: isWindows ? windowsPath(own) : POSIX_PATH }
  for (const name of isWindows ? [...INHERITED, ...INHERITED_ON_WINDOWS] : INHERITED) {
    const value = own[name]
    if (value !== undefined) environment[name] = value
  }
  if (displayAddress !== null) environment.DISPLAY = displayAddress
  return environment
}

function windowsPath(own: Readonly<Record<string, string | undefined>>): string {
  const root = own.SystemRoot ?? 'C:\\Windows'
  return `${root}\\System32;${root}`
}

const DANGEROUS = [
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'LD_PRELOAD',
  'LD_LIBRARY_PATH',
  'SSLKEYLOGFILE',
  'OPENSSL_CONF',
]

/** Names that change what Node or the loader runs; the service can't undo what they did to itself, but it says so. */
export function dangerousNames(own: Readonly<Record<string, string | undefined>>): string[] {
  return DANGEROUS.filter(name => own[name] !== undefined && own[name] !== '')
}
