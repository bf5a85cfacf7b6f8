import { createHash } from 'node:crypto'
import { type ProofClaims, signProof } from '#protocol/proof.ts'
import type { ScriptRun } from '#protocol/scripts/run-grant.ts'
import { RUN_ORDER } from '#protocol/scripts/run-order.ts'
import { sealOutput } from '#protocol/scripts/run-output.ts'
import type { RunReport } from '#protocol/scripts/wire.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import type { AgentSocket, TestDevice } from './relay.ts'

/** What a script printed on a device that only says that it ran one. */
export interface PlayedScript {
  readonly output: string
  readonly exitCode: number
  readonly durationMs: number
  /** It prints and goes on. */
  readonly isUnending?: boolean
}

/** Plays a device that takes every script and says what became of it. */
export async function playScript(
  socket: AgentSocket,
  { deviceId, key }: TestDevice,
  { order }: ScriptRun,
  { output, exitCode, durationMs, isUnending = false }: PlayedScript,
): Promise<void> {
  const { runId, sealKey } = (await readStatement(RUN_ORDER, order)).claims
  const say = (report: RunReport) => socket.request({ type: 'script.report', runId, report })
  const bytes = Buffer.from(output)
  const result: ProofClaims<'run'> = {
    ...{ runId, deviceId, how: 'exited', exitCode, durationMs, outputBytes: bytes.length, isCut: false },
    parts: bytes.length > 0 ? 1 : 0,
    outputDigest: createHash('sha256').update(bytes).digest('base64url'),
  }
  await say({ what: 'starts', runsAs: 'root' })
  if (bytes.length > 0) {
    const place = { run: runId, device: deviceId, part: 0 }
    await say({ what: 'output', part: 0, bytes: bytes.length, sealed: await sealOutput(sealKey, place, bytes) })
  }
  if (isUnending) return
  await say({ what: 'ended', proof: await signProof('run', result, key.privateKey, key.publicKey) })
}
