export const linkStrings = {
  connecting: 'Connecting to the relay…',
  nextTry: 'Next try in',
}
