import { config } from 'zod'

// zod tries `new Function` once to see whether it may compile its schemas. The page's policy forbids it and would report the try.
config({ jitless: true })
