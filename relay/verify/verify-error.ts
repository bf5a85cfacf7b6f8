/** Verifying can't even begin. `message` says what to do. */
export class VerifyError extends Error {}
