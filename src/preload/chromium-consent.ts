import { createCheckedBridge } from '#ipc/checked-bridge.ts'
import type { ConsentContract } from '#ipc/consent.ts'
import type { CallName, EventName } from '#ipc/contract.ts'
import { chromiumTransport } from './chromium-transport.ts'

// Somebody waits for this window, and the schemas would be most of what it loads. Main checks every call and cuts down every answer and
// event to the contract before it leaves, so they are taken as they come.
const asItIs = (data: unknown) => ({ data })
const calls = {
  state: asItIs,
  painted: asItIs,
  answer: asItIs,
  pause: asItIs,
  takeBack: asItIs,
  end: asItIs,
  keyboard: asItIs,
  understood: asItIs,
  help: asItIs,
  say: asItIs,
  typing: asItIs,
  openChat: asItIs,
} satisfies Record<CallName<ConsentContract>, typeof asItIs>
const events = { stateChanged: asItIs, chatChanged: asItIs, draftSpoiled: asItIs, pressed: asItIs } satisfies Record<
  EventName<ConsentContract>,
  typeof asItIs
>

// Main runs this in the documents of its own page and in no other, once in each, perhaps after the page's own script.
const bridge = createCheckedBridge({ calls, events, decode: text => JSON.parse(text) }, chromiumTransport())
Object.defineProperty(window, 'handhold', { value: bridge, enumerable: true })
window.dispatchEvent(new Event('handhold'))
