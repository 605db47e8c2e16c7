import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import helmet from 'helmet'
import { bearer, callerOf, outOfReach } from './auth.ts'
import { etagOf, notSaid } from './etag.ts'
import { unfitIn } from './fitting.ts'
import { openApi } from './openapi.ts'
import type { Given, Operation } from './operation.ts'
import { operations } from './operations.ts'
import type { AdminParts } from './parts.ts'
import { invalid, notThere, problemHandler, Refusal, sendRefusal } from './problem.ts'
import { type Answered, createRepeats, type Repeats } from './repeat.ts'
import { viewsOf } from './views.ts'
import { write } from './write.ts'

/** Mounted at /admin/v1. */
export function adminRouter(parts: AdminParts): Router {
  const router = express.Router()
  router.use(helmet(), unstored)
  const document = openApi(operations, parts.version)
  // What the software can do is no secret of the installation, and tools read it without a key.
  router.get('/openapi.json', (_, response) => void response.json(document))
  router.use(bearer(parts), jsonOnly, express.json({ limit: '1mb', type: 'application/json' }))
  const repeats = createRepeats(parts.storage)
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const here = operations.filter((operation) => operation.path === path)
    const route = router.route(path)
    for (const operation of here) route[operation.method](handlerOf(parts, operation, repeats))
    route.all(otherMethod(here))
  }
  router.use((_, response) => sendRefusal(response, notThere('address')))
  router.use(problemHandler(parts.logger))
  return router
}

function handlerOf(parts: AdminParts, operation: Operation, repeats: Repeats): RequestHandler {
  const views = viewsOf(operation, operations)
  const run = async (request: Request, given: Given): Promise<Answered | Refusal> => {
    const unfit = [...unfitIn(given.params), ...unfitIn(given.query), ...unfitIn(given.body)]
    if (unfit.length > 0) return invalid(unfit)
    const far = await outOfReach(parts, operation, given)
    if (far) return far
    if (operation.method === 'get') return operation.run(parts, given)
    // What is added is in no state yet, and what is done to a thing is judged by the operation itself.
    const ifMatch = operation.method === 'post' ? undefined : request.get('if-match')
    if (operation.method === 'patch' && ifMatch === undefined) return notSaid
    const writing = { parts, operation, given, views, target: request.path, ifMatch }
    const name = operation.method === 'post' ? request.get('idempotency-key') : undefined
    if (name === undefined) return write(writing)
    const known = operation.known?.(given.body) ?? false
    const named = { name, key: given.caller.id, path: request.path, body: given.body, known }
    return repeats.once(named, (wrote) => write({ ...writing, given: { ...given, named: name }, wrote }))
  }
  return async (request, response) => {
    const { params, query, body } = request
    const reply = await run(request, { params, query, body, caller: callerOf(response) })
    if (reply instanceof Refusal) return sendRefusal(response, reply)
    send(response, reply, operation.method === 'get' ? etagOf(reply.body) : reply.tag)
  }
}

function send(response: Response, { status, body, again }: Answered, tag: string | undefined): void {
  if (again) response.set('idempotent-replayed', 'true')
  if (body === undefined) return void response.status(204).end()
  response.status(status).type('json')
  // Express sets a weak one by itself, with which nothing can be changed; and answers whoever has this state already with 304.
  if (tag === undefined) response.end(JSON.stringify(body))
  else response.set('etag', tag).send(JSON.stringify(body))
}

function otherMethod(here: readonly Operation[]): RequestHandler {
  const methods = here.map(({ method }) => method.toUpperCase()).join(', ')
  const refusal = new Refusal(405, { title: 'Not that way', detail: `This address takes ${methods}.` })
  return (_, response) => {
    response.set('allow', methods)
    sendRefusal(response, refusal)
  }
}

const unstored: RequestHandler = (_, response, next) => {
  response.set('cache-control', 'no-store')
  next()
}

// express.json passes over what it does not know; a forgotten header would then look like an empty wish.
const jsonOnly: RequestHandler = (request, response, next) => {
  const has = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (!has || request.is('application/json')) return next()
  sendRefusal(response, new Refusal(415, { title: 'Not JSON', detail: 'Send "Content-Type: application/json".' }))
}
