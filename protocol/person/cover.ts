/** On X11 the window that covers a serviced device carries this property: the agent's own picture of the desktop leaves that window out. */
export const COVER_PROPERTY = '_HANDHOLD_COVER'
