import type { ErrorRequestHandler, Response } from 'express'
import { InputError, type Problem, told } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'

/** A wish that we turn down: RFC 9457. */
export class Refusal {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly problems: readonly Problem[]
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, said: Said) {
    this.status = status
    this.title = said.title
    this.detail = said.detail
    this.problems = said.problems ?? []
    this.headers = said.headers ?? {}
  }
}

interface Said {
  readonly title: string
  readonly detail: string
  readonly problems?: readonly Problem[]
  readonly headers?: Readonly<Record<string, string>>
}

export const notThere = (what: string): Refusal =>
  new Refusal(404, { title: 'Not found', detail: `There is no such ${what}.` })

export const taken = (detail: string, problem: Problem): Refusal =>
  new Refusal(409, { title: 'Taken', detail, problems: [problem] })

export const invalid = (problems: readonly Problem[]): Refusal =>
  new Refusal(422, {
    title: 'Invalid input',
    detail: problems.map(({ field, fix }) => `${field}: ${fix}`).join('; '),
    problems,
  })

/** @param seconds until it may be asked again */
export const later = (status: number, seconds: number, said: Said): Refusal =>
  new Refusal(status, { ...said, headers: { 'retry-after': String(Math.max(1, Math.ceil(seconds))) } })

export function sendRefusal(response: Response, { status, title, detail, problems, headers }: Refusal): void {
  response
    .status(status)
    .set(headers)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail, ...(problems.length > 0 ? { problems } : {}) }))
}

/** The last stop of everything that was thrown on the way. */
export const problemHandler =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error)
    const refusal = refusalOf(error)
    if (refusal.status >= 500)
      logger.error({ method: request.method, path: request.path, error: told(error) }, 'an admin request failed')
    sendRefusal(response, refusal)
  }

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof InputError) return invalid(error.problems)
  switch (statusOf(error)) {
    case 400:
      return new Refusal(400, { title: 'Bad request', detail: 'The body is not JSON, or the address cannot be read.' })
    case 413:
      return new Refusal(413, { title: 'Too large', detail: 'The body is larger than 1 MiB.' })
    case 415:
      return new Refusal(415, { title: 'Not JSON', detail: 'Send JSON in UTF-8, uncompressed or gzip.' })
    default:
      // What went wrong inside is for the log, not for the caller.
      return new Refusal(500, { title: 'Internal error', detail: 'The request failed here; the log says why.' })
  }
}

/** What express and its body reader say of a request that they refuse. */
const statusOf = (error: unknown): unknown => (error instanceof Error && 'status' in error ? error.status : undefined)
