import type { PictureProblem, PictureSettings } from '#protocol/peer/control.ts'
import type { EndCause, EndReason } from '#protocol/session/reasons.ts'
import type { FurtherAnswer, Scope } from '#protocol/session/scopes.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import { toolStrings } from './tools/strings.ts'

export const waitingStrings = {
  title: (device: string) => `Connecting to ${device}`,
  joinTitle: (device: string) => `Joining the session with ${device}`,
  steps: { request: 'Request sent', notify: 'Device notified', ask: 'Person asked', connect: 'Connected' },
  requested: 'Sending the request to the relay…',
  queued: (device: string) => `${device} is offline. The request waits for it:`,
  notifying: 'Device notified. It is opening the question on its screen…',
  asking: 'Asking the person at the device:',
  left: 'left',
  tell: 'Read this number out to the person:',
  theySee: (choices: readonly number[]) =>
    `They see ${choices.join(', ')}. If they see others, somebody is between you: stop.`,
  accepted: 'Accepted. Connecting…',
  firstPicture: 'Connected. Waiting for the first picture…',
  reason: 'Your reason',
  ticket: 'Ticket',
  viewOnly: 'You asked to see only.',
  control: 'You asked to see and control.',
  cancel: 'Cancel the request',
  cancelling: 'Cancelling…',
}

export const unaskedStrings: Readonly<Record<UnaskedCause, string>> = {
  'skip-consent': 'The person wasn’t asked: your role allows it here. They see your name and can end it at any time.',
  'nobody-signed-in': 'Nobody is signed in, so nobody was asked. Whoever signs in sees your name and can end it.',
  'screen-locked': 'The screen is locked, so nobody was asked. Whoever unlocks it sees your name and can end it.',
}

export const noteStrings = {
  label: 'Note',
  hint: 'What was done, what is left. It stays with the session, for whoever may look at it; you can change it for a day.',
  save: 'Save the note',
  saving: 'Saving…',
  saved: 'Saved',
}

export const overStrings = {
  ending: 'Ending the session…',
  askAgain: 'Ask again',
  asking: 'Asking…',
  close: 'Close this tab',
  failedTitle: 'The session could not start',
  reasons: {
    'user-ended': [
      'Ended by the person at the device',
      'Nothing of the device is visible any more. Ask again if you are not done.',
    ],
    'operator-ended': ['You ended the session', 'The device has closed the connection.'],
    'admin-ended': ['Ended by an administrator', 'Talk to your administrator before you ask again.'],
    denied: ['The person said no', 'Call them first and say who you are and why you ask, then ask again.'],
    'consent-timeout': ['Nobody answered', 'Perhaps nobody is at the device. Call the person, then ask again.'],
    idle: ['Ended because nothing happened', 'The session was idle for too long. Ask again to go on.'],
    expired: ['The time is over', 'The request or the agreed duration has run out. Ask again to go on.'],
    'link-lost': [
      'The connection was lost',
      'The device could not be reached any more. It may be back soon; ask again then.',
    ],
    'policy-revoked': ['No longer allowed', 'Your right to this device was taken back. Your administrator knows why.'],
    'identity-changed': [
      'The identity changed',
      'The device and this app could not prove to each other that nobody is between them. Nothing was shown and nothing was sent. Tell your administrator.',
    ],
    'agent-failed': [
      'The device had a problem',
      'Its agent could not go on. Ask again; if it happens again, the agent’s log on the device says why.',
    ],
  } satisfies Record<EndReason, readonly [title: string, next: string]>,
  /** The device found more than the reason says. */
  causes: {
    'nobody-signed-in': [
      'Nobody is signed in',
      'There is nobody at the device who could agree. Ask the person to sign in, then ask again.',
    ],
    'screen-locked': [
      'The screen is locked',
      'Nobody could see the question. Ask the person to unlock the screen, then ask again.',
    ],
    'signed-in': [
      'Somebody signed in',
      'The session was for the sign-in screen alone. Ask again: the person who is there now decides.',
    ],
    'signed-out': ['The person signed out', 'Their desktop is gone, and the session with it.'],
    'no-way-to-ask': [
      'The device can’t ask anybody',
      'It has no way to show the question, so the answer is no. The agent’s log on the device says what is missing.',
    ],
    'wrong-number': [
      'The person picked another number',
      'Somebody may be between you, or they misheard. Call them, read the number out slowly, then ask again.',
    ],
    'asked-too-often': [
      'The person has refused you three times',
      'You can ask again a quarter of an hour after the last refusal. Talk to them first.',
    ],
    'window-closed': [
      'The person closed the window',
      'Call them first and say who you are and why you ask, then ask again.',
    ],
    'banner-gone': [
      'The person’s banner went away',
      'Nobody is watched without it. Something on the device closed it, or the computer is shutting down. You can ask again.',
    ],
    'first-left': [
      'The session that you wanted to join is over',
      'It ended before the person had answered. Ask for a session of your own.',
    ],
  } satisfies Record<EndCause, readonly [title: string, next: string]>,
}

/** Asking for more in a session that lives. */
export const furtherStrings = {
  menu: 'Ask for more',
  menuHint: 'The person is asked for this alone',
  names: { ...toolStrings.names, view: 'Screen', control: 'Mouse and keyboard' } satisfies Record<Scope, string>,
  asked: (what: string) => `Asking for ${what}: the question is on its way to the device…`,
  shown: (what: string) => `Asking the person for ${what}:`,
  left: 'left.',
  held: 'Your input waits until they have answered.',
  granted: (what: string) => `The person allowed ${what}.`,
  denied: (what: string) => `The person said no to ${what}. Tell them why you need it before you ask again.`,
  timeout: (what: string) => `Nobody answered, so ${what} stays off.`,
  'not-shown': (what: string) => `The device could not ask for ${what}.`,
  withdrawn: (what: string) => `The question for ${what} was withdrawn.`,
  unheard: (what: string) => `The relay was away when ${what} was answered; the receipt says how.`,
  read: 'Close this message',
} satisfies Record<FurtherAnswer, (what: string) => string> & Record<string, unknown>

/** Two operators in one session. */
export const companyStrings = {
  people: (count: number) => `${count} operators in this session`,
  self: 'you',
  hasInput: 'has mouse and keyboard',
  seesOnly: 'sees only',
  waits: 'sees; could have mouse and keyboard',
  give: (name: string) => `Give mouse and keyboard to ${name}`,
  take: 'Take mouse and keyboard back',
  hint: 'The person at the device sees both names',
  turn: (name: string | undefined) => (name ? `${name} has mouse and keyboard` : 'Mouse and keyboard change hands…'),
  turnBack: 'You see everything. Take them back from the menu of operators above.',
  turnWait: 'You see everything. They can hand them over to you.',
}

export const receiptStrings = {
  whole: 'The device signed what the person answered and how it ended.',
  some: 'The device signed what the person answered. Its word on the end has not come yet.',
  broken: 'The device’s receipt doesn’t hold: somebody between you and the device changed it. Tell your administrator.',
  save: 'Save receipt',
  saving: 'Saving…',
  saved: (path: string) => `Saved as ${path}`,
}

export const liveStrings = {
  viewOnly: 'View only',
  viewOnlyHint: 'The person allowed you to see, not to control',
  toolbar: 'Session tools',
  zoom: 'Size of the picture',
  fit: 'Fit',
  fitHint: 'The whole picture in the window',
  actual: '1:1',
  actualHint: 'One pixel of the device on one pixel here',
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',
  specialKeys: 'Send keys',
  specialKeysHint: 'Send keys that this computer would catch',
  keyboard: 'Keyboard',
  physical: 'Physical keys',
  physicalHint: 'Keys by their place; the device’s layout decides',
  text: 'Text',
  textHint: 'Characters as your own layout writes them',
  localShortcuts: 'Send local shortcuts to the device',
  shortcuts: 'Local shortcuts',
  localShortcutsHint:
    'Ctrl + K, Ctrl + W, Ctrl + 1–9 and F11 go to the device; in full screen the system’s own shortcuts too',
  display: 'Display',
  allDisplays: 'All displays',
  allDisplaysHint: 'Side by side, as they stand',
  ownWindows: 'A window each',
  ownWindowsHint: 'The other displays open beside this window',
  displaySize: (width: number, height: number) => `${width} × ${height}`,
  panel: 'Live figures',
  end: (device: string) => `End session with ${device}`,
  endShort: 'End',
  picture: (device: string) => `Screen of ${device}`,
  keyboardInput: (device: string) => `Keyboard of ${device}`,
  leaveHint: 'Ctrl + Alt + Home leaves the picture',
  connecting: 'Connecting…',
  firstPicture: 'Waiting for the first picture…',
  pausedByUser: 'Paused by the person at the device',
  pausedByPolicy: 'Paused by your organisation’s policy',
  pausedHint: 'You see nothing new and your input is not sent until it goes on.',
  frozen: 'Input is held back',
  frozenHint:
    'The device hears nothing of the relay. Mouse, keyboard and tools work again when it does; after a minute and a half the session ends.',
  keyboardPersons: 'The person’s own window has the keyboard',
  keyboardPersonsHint:
    'Your keys don’t reach it, nor anything else there, until it is over. Your mouse works as before.',
  reconnecting: 'The connection is interrupted',
  reconnectingHint: 'Trying to get it back for another',
  peerLost: 'Waiting for the device to connect again.',
  noPicture: 'No picture from the device',
  unreadable: 'The device sent a picture that can’t be read',
  unreadableHint:
    'Nothing of it is shown, and its channel is closed. End the session and ask again; if it happens again, update the agent on the device.',
}

/** Why a picture is black, frozen or blurred, and what can be done about it. */
export const problemStrings: Record<PictureProblem, readonly [title: string, next: string]> = {
  permission: [
    'The device doesn’t let its screen be seen',
    'Ask the person to allow screen recording for Handhold in the device’s privacy settings.',
  ],
  'display-asleep': ['The display is asleep', 'Move the pointer or press a key to wake it, or ask the person to.'],
  'secure-desktop': [
    'A protected screen is in front',
    'The device hides sign-in and permission prompts. Ask the person to answer it.',
  ],
  'encoder-slow': [
    'The device is too busy for a smooth picture',
    'Close programs on it, or choose Text or a smaller scale under Picture.',
  ],
  'link-slow': [
    'The link is slow',
    'Frames are left out to stay current. Choose Low bandwidth, or a smaller scale, under Picture.',
  ],
}

export const pictureStrings = {
  title: 'Picture',
  choose: 'What the picture should be good at',
  presets: {
    automatic: { label: 'Automatic', note: 'Exact when calm, video when it moves' },
    text: { label: 'Text', note: 'Always exact, never video' },
    motion: { label: 'Motion', note: 'Video as soon as much moves' },
    'low-bandwidth': { label: 'Low bandwidth', note: 'Fewer frames, 1 Mbit/s, half-size video' },
    custom: { label: 'Custom', note: 'Your own limits' },
  } satisfies Record<PictureSettings['preset'], { label: string; note: string }>,
  maxFrames: 'Frames up to',
  framesUnit: '/s',
  maxRate: 'Bitrate up to',
  rateUnit: 'kbit/s',
  scale: 'Scale of video',
  scaleUnit: '%',
  noLimit: 'any',
  range: (min: number, max: number) => `${min} to ${max.toLocaleString()}`,
}

export const panelStrings = {
  title: 'Live figures',
  close: 'Close the live figures',
  latency: 'Round trip',
  latencyHint: 'A message to the device’s agent and back',
  network: 'Network',
  age: 'Newest picture',
  ageHint: 'How long ago the picture changed here; a still screen stays as it is',
  engine: 'Shown as',
  engineHint: 'Exact shows every pixel as it is; video is for what moves a lot',
  engines: { tiles: 'Exact', motion: 'Video' },
  lossless: 'Lossless',
  target: 'Aims at',
  targetHint: 'The bitrate that the device tries to keep',
  frames: 'Frames',
  framesUnit: '/s',
  bitrate: 'Bitrate',
  resolution: 'Resolution',
  codec: 'Codec',
  decode: 'Decoding',
  jitter: 'Buffer',
  lost: 'Packets lost',
  path: 'Path',
  paths: {
    host: 'Direct',
    srflx: 'Direct, through address translation',
    prflx: 'Direct, through address translation',
    relay: 'Through the relay',
  },
  granted: 'Allowed until',
  since: 'Requested',
  note: 'Still screens send nothing: no frames is good news.',
}
