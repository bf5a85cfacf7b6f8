export const strings = {
  title: 'Audit',
  search: 'Search what is loaded',
  loading: 'Loading the newest entries…',
  count: (shown: number, total: number) =>
    shown === total ? `${total} newest entries` : `${shown} of ${total} loaded entries`,
  columns: { at: 'When', actor: 'Who', action: 'What', subject: 'On what' },
  emptyTitle: 'No entry',
  emptyHint: 'Every effect on the organisation is written here, with who did it.',
  older: 'Load older entries',
  loadingOlder: 'Loading older entries…',
  detail: 'Details',
  noDetail: 'None',
  sequence: 'Entry',
}
