import express, { type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import { accountOperations } from './accounts.ts'
import { bearer } from './auth.ts'
import { botOperations } from './bots.ts'
import { channelOperations } from './channels.ts'
import { complaintOperations } from './complaints.ts'
import { deadLetterOperations } from './dead-letters.ts'
import { doctorOperations } from './doctor-operations.ts'
import { dutyOperations } from './duty.ts'
import { memberOperations } from './members.ts'
import { merchantOperations } from './merchants.ts'
import type { Operation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { pictureOperations } from './pictures.ts'
import { notThere, problemHandler, Refusal, sendRefusal } from './problem.ts'
import { recipientOperations } from './recipients.ts'
import { roomOperations } from './rooms.ts'
import { ruleOperations } from './rules.ts'
import { templateOperations } from './templates.ts'
import { tenantOperations } from './tenants.ts'
import { watchOperations } from './watch.ts'

/** Everything that the API can do. */
export const operations: readonly Operation[] = [
  ...tenantOperations,
  ...accountOperations,
  ...merchantOperations,
  ...botOperations,
  ...memberOperations,
  ...dutyOperations,
  ...roomOperations,
  ...channelOperations,
  ...recipientOperations,
  ...deadLetterOperations,
  ...templateOperations,
  ...ruleOperations,
  ...pictureOperations,
  ...complaintOperations,
  ...watchOperations,
  ...doctorOperations,
]

/** Mounted at /admin/v1. */
export function adminRouter(parts: AdminParts): Router {
  const router = express.Router()
  router.use(helmet(), unstored, bearer(parts))
  router.use(jsonOnly, express.json({ limit: '1mb', type: 'application/json' }))
  for (const path of new Set(operations.map((operation) => operation.path))) {
    const here = operations.filter((operation) => operation.path === path)
    const route = router.route(path)
    for (const operation of here) route[operation.method](handlerOf(parts, operation))
    route.all(otherMethod(here))
  }
  router.use((_, response) => sendRefusal(response, notThere('address')))
  router.use(problemHandler(parts.logger))
  return router
}

const handlerOf =
  (parts: AdminParts, operation: Operation): RequestHandler =>
  async (request, response) => {
    const reply = await operation.run(parts, request)
    if (reply instanceof Refusal) return sendRefusal(response, reply)
    if (reply.body === undefined) return void response.status(204).end()
    response.status(reply.status).json(reply.body)
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
