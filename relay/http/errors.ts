import type { FastifyError, FastifyInstance, FastifyReply, preHandlerAsyncHookHandler } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { PROBLEM_CONTENT_TYPE, type Problem } from '#protocol/problem.ts'
import { problemOf } from './problems.ts'

/** Every refusal leaves as a problem (RFC 9457); what is nobody's business is logged and leaves as `internal`. */
const STATUS: Record<ErrorCode, number> = {
  'already-bootstrapped': 409,
  'bad-frame': 400,
  'bad-request': 400,
  'bootstrap-secret-wrong': 403,
  'connect-timeout': 504,
  'device-busy': 409,
  'device-offline': 409,
  'device-pending': 403,
  'device-quarantined': 403,
  'enrolment-token-invalid': 403,
  forbidden: 403,
  'frame-too-large': 413,
  'group-cycle': 409,
  'group-in-use': 409,
  'hello-timeout': 408,
  'illegal-transition': 409,
  internal: 500,
  'last-administrator': 409,
  'lease-invalid': 401,
  'link-closed': 502,
  'link-invalid': 403,
  'name-taken': 409,
  'not-found': 404,
  'pass-expired': 401,
  'pass-invalid': 401,
  'pass-key-mismatch': 401,
  'pass-wrong-device': 403,
  'pass-wrong-session': 403,
  'password-weak': 400,
  'policy-denied': 403,
  'policy-invalid': 400,
  'proof-invalid': 403,
  'protocol-version': 400,
  'rate-limited': 429,
  'relay-unreachable': 502,
  'role-built-in': 409,
  'role-exceeds-author': 403,
  'session-closed': 409,
  'sign-in-failed': 401,
  'sso-failed': 403,
  'sso-unavailable': 404,
  'step-up-required': 401,
  timeout: 504,
  'too-many-candidates': 429,
  unauthenticated: 401,
}

/** Every refusal leaves as `{ error: { code, message } }`; what is nobody's business is logged and leaves as `internal`. */
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
  if (isClients) return problemOf(badRequest('The request is not valid.'), error.statusCode)
  return problemOf(toWireError(error))
}

const badRequest = (message: string): WireError => ({ code: 'bad-request', message: message.slice(0, 500) })
