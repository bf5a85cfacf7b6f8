import { impostorAttacks } from './impostor-attacks.ts'
import { joinAttacks } from './join-attacks.ts'
import type { Recording } from './recording.ts'
import { openRig } from './rig.ts'
import { type Attack, HostileSession } from './session.ts'
import { signalAttacks } from './signal-attacks.ts'
import { strictAttacks } from './strict-attacks.ts'

// Plays honest sessions and then every attack of its share from one on, and prints each result as a line of JSON. A program of its own, because the native
// WebRTC addon can crash the process that it is in: whoever started it goes on with another one.
const [mode, set, ...numbers] = process.argv.slice(2)
const [honestRuns = 1, settleMs = 2_000, share = 0, shares = 1, from = 0] = numbers
  .flatMap(given => given.split('/'))
  .map(Number)
const HONEST: Attack = { name: 'passes everything on' }
const say = (line: object) => console.log(JSON.stringify(line))

const rig = await openRig(mode === 'strict' ? 'strict' : 'plain')
async function play(attack: Attack, kind: 'honest' | 'control' | 'attack'): Promise<Recording> {
  const session = await HostileSession.open(rig, attack)
  const outcome = await session.play(settleMs, kind !== 'attack')
  say({ kind, name: attack.name, ...outcome })
  return session.recording
}

let recorded: Recording = {}
for (let run = 0; run < honestRuns; run++) recorded = await play(HONEST, 'honest')
for (const line of rig.agent.lines) {
  const proofMs = /"proofMs":(\d+)/.exec(line)?.[1]
  if (proofMs) say({ kind: 'proof', proofMs: Number(proofMs) })
}
// What opens a plain organisation's device and must not open a strict one's: it shows that these attacks could work.
const [control] = strictAttacks(recorded)
if (mode === 'plain' && share === 0 && from === 0 && control) await play(control, 'control')
const common = [...signalAttacks(recorded), ...impostorAttacks(recorded), ...joinAttacks(recorded)]
const known = [...(set === 'own' ? [] : common), ...(mode === 'strict' ? strictAttacks(recorded) : [])]
const all = known.filter((_, index) => index % shares === share)
say({ kind: 'count', attacks: all.length })
for (const attack of all.slice(from)) await play(attack, 'attack')
await rig.close()
process.exit()
