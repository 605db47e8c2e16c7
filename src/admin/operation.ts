import type { Request } from 'express'
import { z } from 'zod'
import type { Problem } from '../core/errors.ts'
import type { ApiKey } from '../storage/keys.ts'
import { findTenant, type Tenant } from '../storage/tenants.ts'
import { nameOf } from './operation-name.ts'
import type { AdminParts } from './parts.ts'
import { invalid, notThere, Refusal } from './problem.ts'

export interface Reply {
  readonly status: number
  /** Absent = nothing to say (204). */
  readonly body?: unknown
  /** Names the state that a change has left. */
  readonly tag?: string
}

/** What was asked, as it came. */
export interface Given extends Pick<Request, 'query' | 'body'> {
  readonly params: Readonly<Record<string, string | string[]>>
  readonly caller: ApiKey
  /** What the caller calls this wish: the header Idempotency-Key. */
  readonly named?: string | undefined
}

/** One thing that the API can do, with the schemas that check it and describe it. */
export interface Operation {
  /** Unique; what a client's generator calls it, and the audit. */
  readonly id: string
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  readonly path: string
  /** Below /tenants/:tenant: done to that tenant alone. */
  readonly ofTenant: boolean
  readonly summary: string
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly answer: z.ZodType
  readonly status: number
  /** Statuses beside those that follow from its shape. */
  readonly refuses: readonly number[]
  /** Whether this body under this Idempotency-Key is known again by what it wrote itself, so that it may run anew after a crash. */
  known?(body: unknown): boolean
  run(parts: AdminParts, given: Given): Promise<Reply | Refusal>
}

/** What an operation is given: already checked. */
export interface Asked<Query, Body> {
  readonly parts: AdminParts
  /** From the path. */
  param(name: string): string
  readonly query: Query
  readonly body: Body
  /** Whoever asks. */
  readonly caller: ApiKey
  /** What the caller calls this wish: sent again, it has the same name. */
  readonly named?: string | undefined
}

export interface TenantAsked<Query, Body> extends Asked<Query, Body> {
  readonly tenant: Tenant
}

interface Described<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType, Told> {
  /** Where the one that follows from method and path reads badly. */
  readonly id?: string
  readonly method: Operation['method']
  readonly path: string
  readonly summary: string
  readonly query: Query
  readonly body: Body
  readonly status: number
  readonly answer: Answer
  /** 409 for what is taken or not in the state, 428 for a header that must be there, 502 for what is asked of somebody outside. */
  readonly refuses?: readonly (409 | 428 | 502)[]
  readonly known?: NonNullable<Operation['known']>
  run(asked: Told): Promise<z.input<Answer> | Refusal>
}

/** For what takes no query or no body. */
export const none = z.strictObject({}, 'leave it out, or send {}')
/** For what answers without words: 204. */
export const silence = z.undefined()

const tenantPath = '/tenants/:tenant'

export function operation<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>(
  described: Described<Query, Body, Answer, Asked<z.output<Query>, z.output<Body>>>,
): Operation {
  const { query, body, answer, status, refuses = [] } = described
  return {
    ...described,
    id: described.id ?? nameOf(described),
    ofTenant: `${described.path}/`.startsWith(`${tenantPath}/`),
    refuses,
    async run(parts, given) {
      // A wish without a body is a wish for nothing in particular.
      const [asked, sent] = [query.safeParse(given.query), body.safeParse(given.body ?? {})]
      if (!asked.success || !sent.success) return invalid([...problemsOf(asked.error), ...problemsOf(sent.error)])
      const param = (name: string) => textOf(given.params[name])
      const { caller, named } = given
      const said = await described.run({ parts, param, query: asked.data, body: sent.data, caller, named })
      // Through its schema: what it does not name cannot leave.
      return said instanceof Refusal ? said : { status, body: answer.parse(said) }
    },
  }
}

/** Below /tenants/:tenant. The tenant comes from the path, by id or handle; what is done is done to it alone. */
export function tenantOperation<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>(
  described: Described<Query, Body, Answer, TenantAsked<z.output<Query>, z.output<Body>>>,
): Operation {
  return operation<Query, Body, Answer>({
    ...described,
    path: tenantPath + described.path,
    async run(asked) {
      const tenant = await findTenant(asked.parts.storage.reads, asked.param('tenant'))
      return tenant ? described.run({ ...asked, tenant }) : notThere('tenant')
    },
  })
}

export function problemsOf(error: z.ZodError | undefined): readonly Problem[] {
  return (error?.issues ?? []).flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ field: issue.path.join('.') || 'body', fix: issue.message }]
    return issue.keys.map((key) => ({
      field: [...issue.path, key].join('.'),
      fix: 'there is no such field; take it out',
    }))
  })
}

const textOf = (param: string | string[] | undefined): string => (typeof param === 'string' ? param : '')
