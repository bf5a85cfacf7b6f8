/** Something that a person has to change before it can be done. */
export class InstallError extends Error {}
