/** The two globals by which the Chromium preload and main find each other; the preload takes the first away, main the second. */
export const SEND_BINDING = '__handholdSend'
export const RECEIVE_FUNCTION = '__handholdReceive'
