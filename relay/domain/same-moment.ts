import type { Store } from './store.ts'

const KEPT_MAX = 5_000

/**
 * Answers of the database, kept for as long as nothing is committed to it by anybody: a kept one is what the database would say now, so a right that is taken away
 * is gone with the commit that takes it.
 */
export class SameMoment<Answer extends object> {
  readonly #store: Pick<Store, 'moment'>
  readonly #known = new Map<string, Answer>()
  #moment = -1

  constructor(store: Pick<Store, 'moment'>) {
    this.#store = store
  }

  /** What is undefined isn't kept. */
  async of<Asked extends Answer | undefined>(key: string, ask: () => Promise<Asked>): Promise<Answer | Asked> {
    const moment = this.#store.moment()
    if (moment !== this.#moment || this.#known.size >= KEPT_MAX) this.#known.clear()
    this.#moment = moment
    const known = this.#known.get(key)
    if (known) return known
    const answer = await ask()
    // Somebody may have asked at a later moment meanwhile.
    if (answer && this.#moment === moment) this.#known.set(key, answer)
    return answer
  }
}
