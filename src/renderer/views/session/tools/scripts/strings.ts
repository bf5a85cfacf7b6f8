export const scriptStrings = {
  button: 'Scripts',
  buttonHint: 'Approved scripts of your organisation',
  title: 'Run a script',
  reading: 'Reading the scripts…',
  none: 'There is no approved script for this shell. An administrator writes one, and another approves it.',
  by: (author: string, approver: string) =>
    `Written by ${author}, approved by ${approver}. What it prints is recorded on the device.`,
  run: 'Run',
  cancel: 'Cancel',
} as const
