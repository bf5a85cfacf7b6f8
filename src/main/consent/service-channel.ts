import { type ConsentToService, type ServiceToConsent, serviceToConsentSchema } from '#protocol/consent.ts'

/** The process channel to the service that started us. */
export interface ServiceChannel {
  send(message: ConsentToService): Promise<void>
  /** Called once; messages that came earlier are delivered then. What isn't in the form of a message is dropped. */
  receive(listener: (message: ServiceToConsent) => void): void
  /** Resolves when the service is gone. */
  readonly closed: Promise<void>
}

/** The part of a child process that this needs; `process` is one. */
export interface ChildSide {
  readonly connected?: boolean
  send?(message: unknown, done: (error: Error | null) => void): boolean
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
}

/** Listens at once, so that nothing is lost while the rest of the program loads. */
export function openServiceChannel(child: ChildSide): ServiceChannel {
  const early: unknown[] = []
  let deliver = (message: unknown): void => void early.push(message)
  child.on('message', message => deliver(message))
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  child.on('disconnect', resolve)
  if (child.connected !== true) resolve()
  return {
    closed,
    send: message =>
      new Promise(done => {
        if (child.connected !== true || child.send === undefined) return done()
        // A channel that broke is told by `closed`.
        child.send(message, () => done())
      }),
    receive(listener) {
      deliver = message => {
        const parsed = serviceToConsentSchema.safeParse(message)
        if (parsed.success) listener(parsed.data)
      }
      for (const message of early.splice(0)) deliver(message)
    },
  }
}
