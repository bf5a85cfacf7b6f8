/** What the person reads in the history of their device, in English. */
export const en = {
  title: 'Who asked for this computer',
  count_one: '{{count}} time',
  count_other: '{{count}} times',
  empty: 'Nobody has asked for this computer yet.',
  what: 'Each entry is signed by this computer. Keep its file, or give it to somebody who should check it.',
  reason: 'Why',
  allowed: 'You allowed',
  lasted: 'For',
  minutes_one: '{{count}} minute',
  minutes_other: '{{count}} minutes',
  short: 'less than a minute',
  unknown: 'not known',
  ended: 'End',
  from: 'from {{organisation}}',
  granted: 'You said Yes',
  denied: 'You said No',
  timeout: 'Nobody answered',
  'not-shown': 'You could not be asked',
  withdrawn: 'They took it back',
  'not-asked': 'You were not asked',
  had: 'They could',
  genuine: 'The signature is right.',
  broken: 'This entry was changed: its signature is wrong. Nothing of it is shown.',
  save: 'Save the signed entry',
}

export type Words = Readonly<Record<keyof typeof en, string>>
