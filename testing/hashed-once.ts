import { type PasswordHashing, SCRYPT } from '../relay/identity/credentials.ts'

/**
 * The relay's own hashing, which remembers: the worlds of a test file have the same few passwords, and each costs what a guesser is to pay. What is
 * hashed is hashed as in the product, and what was compared once compares alike.
 */
export const HASHED_ONCE: PasswordHashing = {
  hash: remembered(
    password => SCRYPT.hash(password),
    password => password,
  ),
  verify: remembered(
    given => SCRYPT.verify(given),
    ({ hash, password }) => `${hash} ${password}`,
  ),
}

function remembered<Given, Found>(work: (given: Given) => Promise<Found>, keyOf: (given: Given) => string) {
  const found = new Map<string, Promise<Found>>()
  return (given: Given): Promise<Found> => {
    const key = keyOf(given)
    const known = found.get(key) ?? work(given)
    found.set(key, known)
    return known
  }
}
