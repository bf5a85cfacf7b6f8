import type { FastifyError, FastifyInstance, FastifyReply, preHandlerAsyncHookHandler } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { PROBLEM_CONTENT_TYPE, type Problem } from '#protocol/problem.ts'
import { problemOf } from './problems.ts'

/** Every refusal leaves as a problem (RFC 9457); what is nobody's business is logged and leaves as `internal`. */
export function setupErrors(app: FastifyInstance, limitUnknown: preHandlerAsyncHookHandler): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOfError(error)
    if (problem.status >= 500) request.log.error({ err: error }, 'A request failed')
    return sendProblem(reply, problem)
  })
  app.setNotFoundHandler({ preHandler: limitUnknown }, (_request, reply) =>
    sendProblem(reply, problemOf({ code: 'not-found', message: 'There is no such address on this relay.' })),
  )
}

/** As text: a reply schema of the route is for its good answers. */
const sendProblem = (reply: FastifyReply, problem: Problem) =>
  reply.status(problem.status).type(PROBLEM_CONTENT_TYPE).send(JSON.stringify(problem))

function problemOfError(error: FastifyError): Problem {
  if (error instanceof HandholdError) return problemOf(error.toWire())
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation
    const place = `${error.validationContext ?? 'body'}${issue?.instancePath.replaceAll('/', '.') ?? ''}`
    return problemOf(badRequest(`${place}: ${issue?.message ?? 'not valid'}`))
  }
  if (error.statusCode === 413) return problemOf({ code: 'frame-too-large', message: 'The request body is too large.' })
  const isClients = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  if (isClients) return problemOf(badRequest(WHY[error.code] ?? 'The request is not valid.'), error.statusCode)
  return problemOf(toWireError(error))
}

/** What a client's library does without asking, in words. */
const WHY: Readonly<Record<string, string>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The content type says JSON and the body is empty. Leave the content type out.',
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is no JSON.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The body has to be JSON, with the content type application/json.',
}

const badRequest = (message: string): WireError => ({ code: 'bad-request', message: message.slice(0, 500) })
