/** The only two channels between an Electron window and main; every call and event is a text on them. */
export const TO_MAIN_CHANNEL = 'handhold:to-main'
export const TO_WINDOW_CHANNEL = 'handhold:to-window'
