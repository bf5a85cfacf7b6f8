import type { SessionTab } from '#ipc/operator.ts'
import type { PeerView } from '../../stores/peer-store.ts'

/** Chat and tools are the first operator's. Who joined may have them from the moment on in which that one is gone. */
export const isFirstHere = (
  { isJoined }: Pick<SessionTab, 'isJoined'>,
  peer: Pick<PeerView, 'company'> | undefined,
): boolean => !isJoined || peer?.company?.[0]?.isSelf === true
