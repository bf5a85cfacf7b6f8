/** One value that others may watch. Listeners hear each change in order, never the value at the time they subscribed. */
export interface ReadableState<T> {
  get(): T
  /** Returns the function that ends the subscription. */
  subscribe(listener: (value: T) => void): () => void
}

export class State<T> implements ReadableState<T> {
  readonly #listeners = new Set<(value: T) => void>()
  #value: T

  constructor(initial: T) {
    this.#value = initial
  }

  get(): T {
    return this.#value
  }

  set(value: T): void {
    this.#value = value
    for (const listener of this.#listeners) listener(value)
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
