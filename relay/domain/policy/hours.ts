import { type Hours, WEEKDAYS } from '#protocol/policy/settings.ts'

const MINUTES_A_DAY = 24 * 60

/** Whether the moment is within the hours, by the wall clock of their time zone. Equal ends mean the whole day. */
export function isWithinHours(hours: Hours, nowMs: number): boolean {
  const { weekday, minute } = wallClock(hours.timeZone, nowMs)
  const from = minuteOf(hours.from)
  const length = (minuteOf(hours.to) - from + MINUTES_A_DAY) % MINUTES_A_DAY || MINUTES_A_DAY
  const hasDay = (index: number) => hours.days.some(day => WEEKDAYS.indexOf(day) === (index + 7) % 7)
  const sinceToday = minute - from
  const sinceYesterday = sinceToday + MINUTES_A_DAY
  return (sinceToday >= 0 && sinceToday < length && hasDay(weekday)) || (sinceYesterday < length && hasDay(weekday - 1))
}

function wallClock(timeZone: string, nowMs: number): { weekday: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(nowMs)
  const part = (type: string) => parts.find(candidate => candidate.type === type)?.value ?? ''
  const names: readonly string[] = WEEKDAYS
  return {
    weekday: names.indexOf(part('weekday').toLowerCase()),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

function minuteOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':')
  return Number(hour) * 60 + Number(minute)
}
