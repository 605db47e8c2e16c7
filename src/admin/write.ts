import { addAudit, inTurn } from '../storage/audit.ts'
import type { Reads, Tx } from '../storage/storage.ts'
import { findTenant } from '../storage/tenants.ts'
import { witnessed } from '../storage/witness.ts'
import { changedSince, etagOf, names } from './etag.ts'
import { maskedWish, withChangedSecrets } from './masked-wish.ts'
import type { Given, Operation, Reply } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { Refusal } from './problem.ts'

/** How what an operation changes can be looked at, where it can. */
export interface Views {
  /** That which is changed. */
  readonly whole?: Operation
  /** One that is added to it. */
  readonly added?: Operation
}

export interface Writing {
  readonly parts: AdminParts
  readonly operation: Operation
  readonly given: Given
  readonly views: Views
  /** As the path was asked. */
  readonly target: string
  readonly ifMatch?: string | undefined
  /** In the first transaction that writes. */
  readonly wrote?: ((tx: Tx) => Promise<void>) | undefined
}

/**
 * Lets an operation write as it likes, and sees to what none of them can forget: the state that it was asked for still holds when it begins,
 * and its first transaction that writes a row also writes who did it, and how it was before and after.
 */
export async function write(writing: Writing): Promise<Reply | Refusal> {
  const { parts, operation, given, ifMatch } = writing
  const { storage } = parts
  let [checked, told] = [false, false]
  let tag: string | undefined
  const transaction = <Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> =>
    storage.transaction(async (tx) => {
      await inTurn(tx)
      const before = await shown(writing, tx, writing.views.whole)
      if (!checked && before instanceof Refusal) throw before
      if (!checked && ifMatch !== undefined && !names(ifMatch, before)) throw changedSince
      const { tx: seen, wrote } = witnessed(tx)
      const result = await work(seen)
      checked = true
      if (told || !wrote()) return result
      tag = await tell(writing, tx, { before: there(before), made: idOf(result) })
      told = true
      return result
    })
  const reply = await operation.run({ ...parts, storage: { ...storage, transaction } }, given)
  if (reply instanceof Refusal) return reply
  // What it did, it did outside.
  if (!told) await storage.transaction((tx) => tell(writing, tx, {}))
  return { ...reply, ...(tag === undefined ? {} : { tag }) }
}

/** @returns what names the state that is left */
async function tell(
  writing: Writing,
  tx: Tx,
  { before, made }: { readonly before?: unknown; readonly made?: string | undefined },
): Promise<string | undefined> {
  const { operation, given, views, target, wrote } = writing
  const whole = there(await shown(writing, tx, views.whole))
  const added = made === undefined ? undefined : there(await shown(writing, tx, views.added, made))
  const tenant = operation.ofTenant ? (await findTenant(tx, String(given.params.tenant)))?.id : undefined
  const wish = maskedWish(operation.body, given.body ?? {})
  await addAudit(tx, {
    ...{ key: given.caller.id, keyName: given.caller.name, operation: operation.id },
    target: added === undefined ? target : `${target}/${made}`,
    ...(tenant ? { tenant } : {}),
    ...(JSON.stringify(wish) === '{}' ? {} : { wish: withoutKeys(wish) }),
    ...withoutKeys(added === undefined ? changeOf(before, whole, given.body) : { after: added }),
  })
  await wrote?.(tx)
  const left = added ?? whole
  return left === undefined ? undefined : etagOf(left)
}

/** What is as it was says nothing; new secrets under old names look the same, and are something. */
function changeOf(before: unknown, after: unknown, wish: unknown): { before?: unknown; after?: unknown } {
  const left = withChangedSecrets(after, before, wish)
  return JSON.stringify(before) === JSON.stringify(left) ? {} : { before, after: left }
}

/** The address of a chat page lets whoever has it in: a line of the audit is read by more people, and longer. */
const withoutKeys = <State>(state: State): State =>
  JSON.parse(JSON.stringify(state).replace(/([?&]key=)[\w-]+/g, '$1…'))

const there = (seen: unknown): unknown => (seen instanceof Refusal ? undefined : seen)

/** As a GET would show it, by what this transaction sees. */
async function shown(
  { parts, given }: Writing,
  reads: Reads,
  view: Operation | undefined,
  made?: string,
): Promise<unknown> {
  if (!view) return undefined
  const name = /:(\w+)$/.exec(view.path)?.[1]
  const params = made === undefined || name === undefined ? given.params : { ...given.params, [name]: made }
  const storage = { ...parts.storage, reads }
  const reply = await view.run({ ...parts, storage }, { params, query: {}, body: {}, caller: given.caller })
  return reply instanceof Refusal ? reply : reply.body
}

/** Of what was made, or of the action that was written down. */
function idOf(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  if ('id' in result) return typeof result.id === 'string' ? result.id : undefined
  return 'action' in result ? idOf(result.action) : undefined
}
