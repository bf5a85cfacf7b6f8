export const displayStrings = {
  opening: 'Opening the display',
  failed: 'This display can’t be shown.',
  label: (display: string, device: string) => `${display} of ${device}`,
}
