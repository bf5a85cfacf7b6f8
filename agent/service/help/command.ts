import { parseArgs } from 'node:util'
import { groupedCode } from '#protocol/help/grouped-code.ts'
import { type HelpState, helpWordSchema } from '#protocol/help/state.ts'
import { languageOf } from '#protocol/person/language.ts'
import { type PersonWords, wordsIn } from '#protocol/person/words.ts'
import { ConfigError, readConfig } from '../config/config.ts'
import { type HelpClient, openHelpClient } from './help-client.ts'
import { runHelpWindow } from './help-window.ts'

const USAGE = `handhold-agent help       gives you a number to read to your IT support
    --queue "WORDS"       waits in the queue of your IT support instead; the words say what is wrong
    --window              asks in a window`

/** Resolves with the exit code: 0 when somebody took it up or the person went, 1 when nobody came. */
export async function runHelp(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  const words = wordsIn(languageOf(LC_ALL || LC_MESSAGES || LANG))
  try {
    const options = { queue: { type: 'string' }, window: { type: 'boolean' } } as const
    const { values } = parseArgs({ args: [...args], options, strict: true })
    const { config } = readConfig(environment)
    if (values.window) return await runHelpWindow(config, environment)
    const way = values.queue === undefined ? 'code' : 'queue'
    // Too long or hidden characters: said here, not by a service that hangs up.
    const asking = helpWordSchema.parse({ type: 'help-ask', way, words: values.queue ?? '' })
    return await askHere(config.helpSocket, asking, words)
  } catch (thrown) {
    const isAway = thrown instanceof Error && 'syscall' in thrown
    console.error(isAway ? words('helpNotRunning') : `handhold-agent: ${messageOf(thrown)}\n${USAGE}`)
    return thrown instanceof ConfigError ? 2 : 1
  }
}

/** At a terminal: says each step, and Ctrl-C withdraws. */
async function askHere(path: string, asking: Parameters<HelpClient['say']>[0], words: PersonWords): Promise<number> {
  const ended = Promise.withResolvers<number>()
  let isAsked = false
  let said = ''
  const client = await openHelpClient(path, state => {
    // What comes before is of an older wish.
    isAsked ||= state.phase === 'asking'
    if (!isAsked) return
    const line = lineOf(state, words)
    if (line !== said) console.log(line)
    said = line
    if (state.phase === 'taken') ended.resolve(0)
    if (state.phase === 'over' || state.phase === 'failed') ended.resolve(1)
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.resolve(0))
  void client.closed.then(() => ended.resolve(1))
  client.say(asking)
  const code = await ended.promise
  client.close()
  await client.closed
  return code
}

function lineOf(state: HelpState, words: PersonWords): string {
  switch (state.phase) {
    case 'code':
      return [
        words('helpCode'),
        `\n    ${groupedCode(state.code)}\n`,
        words('helpCodeUntil', { time: words.time(state.untilMs) }),
        words('helpCodeWarning'),
      ].join('\n')
    case 'queued':
      return state.ahead === 0 ? words('helpNext') : words('helpQueued', { count: state.ahead })
    case 'taken':
      return words('helpTaken', { operator: state.operator })
    case 'over':
      return words('helpOver')
    case 'failed':
      return words(state.problem === 'rate-limited' ? 'helpTooOften' : 'helpFailed')
    default:
      return words('waiting')
  }
}

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
