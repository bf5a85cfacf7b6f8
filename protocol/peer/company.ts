import { z } from 'zod'
import { displayLine } from '../text.ts'

/** As many operators can be in one session: the person has to keep them all in mind. */
const OPERATORS_MAX = 2

/** Who is in a session with an operator, as the device tells each of them; whoever is there longest comes first. */
export const companySchema = z
  .array(
    z.object({
      name: displayLine(80),
      isSelf: z.boolean(),
      /** Mouse and keyboard are theirs now; nobody else's count. */
      hasInput: z.boolean(),
      /** The person allowed them mouse and keyboard, when they get their turn. */
      mayControl: z.boolean(),
    }),
  )
  .min(1)
  .max(OPERATORS_MAX)
export type Company = z.infer<typeof companySchema>
