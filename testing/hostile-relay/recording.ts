/** What of a session may be used again in a later one. */
export interface Recording {
  pass?: string
  proof?: string
  operatorTranscript?: string
  deviceTranscript?: string
  offer?: string
}
