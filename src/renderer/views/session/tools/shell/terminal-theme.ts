import type { ITheme } from '@xterm/xterm'

const COLOURS = {
  light: ['#24292f', '#a3221a', '#16703a', '#7a4f00', '#1a53be', '#8a3ba8', '#106a75', '#545f6d'],
  dark: ['#5c6673', '#ff8a80', '#65cc91', '#efbe5f', '#93b6fa', '#d7a3ef', '#6fd0db', '#e8ebef'],
} as const

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/** The window's own colours, and sixteen that can be read on them. */
export function terminalTheme(isDark: boolean): ITheme {
  const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
  const colours = COLOURS[isDark ? 'dark' : 'light']
  const named = NAMES.flatMap((name, index) => [
    [name, colours[index]],
    [`bright${name.charAt(0).toUpperCase()}${name.slice(1)}`, colours[index]],
  ])
  return {
    background: token('surface'),
    foreground: token('text'),
    cursor: token('accent'),
    cursorAccent: token('surface'),
    selectionBackground: token('accent'),
    selectionForeground: token('on-accent'),
    ...Object.fromEntries(named),
  }
}

export const darkScheme = () => window.matchMedia('(prefers-color-scheme: dark)')
