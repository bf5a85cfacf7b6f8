import { config } from 'zod'

// Imported before everything that makes a schema. A compiled program for each schema pays where there are many messages: here it is what a host's first picture waits
// for (20 ms), and memory that a service keeps for as long as it runs.
config({ jitless: true })
