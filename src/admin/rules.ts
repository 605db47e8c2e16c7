import { z } from 'zod'
import { usual } from '../actions/breaker.ts'
import { countFitting } from '../actions/rule-trial.ts'
import { defaultCaps, defaultDelay, type Rule, type RuleAct } from '../complaints/rule.ts'
import { problemsOfRule } from '../complaints/rule-check.ts'
import type { Problem } from '../core/errors.ts'
import { asId } from '../core/words.ts'
import { type Breaker, findBreaker, resetBreaker, setBreakerMost } from '../storage/breakers.ts'
import { findSentPicture } from '../storage/pictures.ts'
import { createRule, findRule, listRules, placeRule, removeRule, saveRule } from '../storage/rules.ts'
import type { Reads, Tx } from '../storage/storage.ts'
import { listTemplates } from '../storage/templates.ts'
import type { Tenant } from '../storage/tenants.ts'
import { listOf, position } from './fields.ts'
import { none, silence, tenantOperation } from './operation.ts'
import { invalid, notThere, Refusal, taken } from './problem.ts'
import { strangeAmong } from './rooms.ts'
import { act, caps, conditions, delaySeconds, mode, ruleAccounts, ruleName } from './rule-fields.ts'
import { trialOperation } from './rule-trial.ts'

const newRule = z.strictObject(
  {
    name: ruleName,
    // Nothing goes by itself before somebody says so.
    mode: mode.default('off'),
    accounts: ruleAccounts.default([]),
    when: conditions.default({}),
    act,
    delaySeconds: delaySeconds.default(defaultDelay),
    caps: caps.exactOptional(),
  },
  'a JSON object',
)

const ruleChange = z.strictObject(
  {
    name: ruleName.exactOptional(),
    mode: mode.exactOptional(),
    accounts: ruleAccounts.exactOptional(),
    when: conditions.exactOptional(),
    act: act.exactOptional(),
    delaySeconds: delaySeconds.exactOptional(),
    caps: caps.exactOptional(),
    position: position.exactOptional(),
  },
  'a JSON object',
)

const capsView = z.object({ each: z.number(), day: z.number(), payerDay: z.number() })
const ruleView = z.object({
  id: z.string(),
  name: z.string(),
  position: z.number(),
  mode,
  accounts: z.array(z.string()).readonly(),
  when: z.record(z.string(), z.unknown()),
  act: z.looseObject({ kind: z.string() }),
  delaySeconds: z.number(),
  caps: capsView.exactOptional(),
  /** Said when it is switched on: open complaints that would fit as far as is known without asking; it leaves them alone until something happens there. */
  openFitting: z.number().exactOptional(),
})

const breakerView = z.object({
  /** Automatic refunds in an hour that are always allowed. */
  limit: z.number(),
  tripped: z.object({ at: z.string(), count: z.number(), limit: z.number() }).exactOptional(),
  resetAt: z.string().exactOptional(),
})

const limitFix = 'a whole number from 0 to 100000, or null for what is usual'
const breakerChange = z.strictObject(
  { limit: z.int(limitFix).min(0, limitFix).max(100_000, limitFix).nullable() },
  'a JSON object with limit',
)

export const ruleOperations = [
  tenantOperation({
    method: 'post',
    path: '/rules',
    summary: 'Adds a rule, last in the order: what is done by itself, when, and how much at most',
    query: none,
    body: newRule,
    status: 201,
    answer: ruleView,
    async run({ parts, tenant, body }) {
      const { delaySeconds: delay, ...wish } = body
      const rule = withCaps({ ...wish, tenant: tenant.id, delay })
      const made = await parts.storage.transaction(async (tx) => {
        const wrong = await problemsOf(tx, tenant, rule)
        if (wrong.length > 0) return invalid(wrong)
        return (await createRule(tx, rule)) ?? called(body.name)
      })
      return made instanceof Refusal ? made : switchedOn(parts.storage.reads, tenant, made)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/rules',
    summary: 'Lists the rules of a business; the first that fits acts',
    query: none,
    body: none,
    status: 200,
    answer: listOf(ruleView),
    run: async ({ parts, tenant }) => ({ items: (await listRules(parts.storage.reads, tenant.id)).map(viewOf) }),
  }),
  tenantOperation({
    method: 'get',
    path: '/rules/:rule',
    summary: 'Shows a rule',
    query: none,
    body: none,
    status: 200,
    answer: ruleView,
    async run({ parts, tenant, param }) {
      const rule = await findRule(parts.storage.reads, tenant.id, asId(param('rule')))
      return rule ? viewOf(rule) : notThere('rule')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/rules/:rule',
    summary:
      'Changes a rule; what is not named stays, when and act are replaced as a whole; what waits under it is judged anew',
    query: none,
    body: ruleChange,
    status: 200,
    answer: ruleView,
    refuses: [409],
    async run({ parts, tenant, param, body }) {
      let wasOn = false
      const changed = await parts.storage.transaction(async (tx) => {
        const before = await findRule(tx, tenant.id, asId(param('rule')))
        if (!before) return notThere('rule')
        wasOn = before.mode === 'on'
        const { delaySeconds: delay = before.delay, position, caps: given, ...change } = body
        const kept = (change.act ?? before.act).kind === 'refund' ? before.caps : {}
        const rule = withCaps({ ...before, ...change, delay, caps: { ...kept, ...given } })
        const wrong = await problemsOf(tx, tenant, rule)
        if (wrong.length > 0) return invalid(wrong)
        const saved = await saveRule(tx, { ...rule, id: before.id })
        if (!saved) return notThere('rule')
        if (saved === 'taken') return called(rule.name)
        if (position !== undefined) await placeRule(tx, saved, position)
        return (await findRule(tx, tenant.id, saved.id)) ?? saved
      })
      if (changed instanceof Refusal) return changed
      return wasOn ? viewOf(changed) : switchedOn(parts.storage.reads, tenant, changed)
    },
  }),
  trialOperation,
  tenantOperation({
    method: 'delete',
    path: '/rules/:rule',
    summary: 'Removes a rule; what it was about to do is not done',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    async run({ parts, tenant, param }) {
      const gone = await parts.storage.transaction((tx) => removeRule(tx, tenant.id, asId(param('rule'))))
      return gone ? undefined : notThere('rule')
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/breaker',
    summary: 'Whether automatic refunds have stopped because there were too many',
    query: none,
    body: none,
    status: 200,
    answer: breakerView,
    run: async ({ parts, tenant }) => breakerOf(await findBreaker(parts.storage.reads, tenant.id)),
  }),
  tenantOperation({
    method: 'patch',
    path: '/breaker',
    summary:
      'Says how many automatic refunds in an hour are always allowed; three times the normal hour of a week is allowed as well',
    query: none,
    body: breakerChange,
    status: 200,
    answer: breakerView,
    run: async ({ parts, tenant, body }) =>
      breakerOf(await parts.storage.transaction((tx) => setBreakerMost(tx, tenant.id, body.limit))),
  }),
  tenantOperation({
    method: 'post',
    path: '/breaker/reset',
    summary: 'Lets automatic refunds go on after a person has looked; counting begins anew',
    query: none,
    body: none,
    status: 200,
    answer: breakerView,
    async run({ parts, tenant }) {
      const reset = await parts.storage.transaction((tx) => resetBreaker(tx, tenant.id))
      if (!reset) return new Refusal(409, { title: 'Not tripped', detail: 'Automatic refunds have not stopped.' })
      return breakerOf(await findBreaker(parts.storage.reads, tenant.id))
    },
  }),
]

type Wish = Omit<Rule, 'id' | 'position' | 'caps'> & { readonly caps?: Partial<NonNullable<Rule['caps']>> }

/** A rule that refunds has all its caps; where nothing was said, careful ones. What else has none, unless somebody wants some: that is said. */
export function withCaps({ caps: given, ...rule }: Wish): Omit<Rule, 'id' | 'position'> {
  if (rule.act.kind === 'refund') return { ...rule, caps: { ...defaultCaps, ...given } }
  const { each, day, payerDay } = given ?? {}
  return each === undefined && day === undefined && payerDay === undefined
    ? rule
    : { ...rule, caps: { ...defaultCaps, ...given } }
}

/** Everything that keeps it from doing what it says. */
export async function problemsOf(
  tx: Tx,
  tenant: Tenant,
  rule: Omit<Rule, 'id' | 'position'>,
): Promise<readonly Problem[]> {
  return [
    ...(await strangeAmong(tx, tenant.id, rule.accounts)),
    ...(await goneFrom(tx, tenant, rule.act)),
    ...problemsOfRule(rule, tenant),
  ]
}

async function goneFrom(reads: Reads, tenant: Tenant, of: RuleAct): Promise<readonly Problem[]> {
  if (of.kind !== 'respond') return []
  const gone: Problem[] = []
  if (of.template !== undefined && !(await listTemplates(reads, tenant.id)).some(({ id }) => id === of.template))
    gone.push({ field: 'act.template', fix: 'the id of a template of this business: redress template list shows them' })
  for (const [at, picture] of (of.pictures ?? []).entries())
    if (!(await findSentPicture(reads, tenant.id, picture)))
      gone.push({ field: `act.pictures.${at}`, fix: 'this picture is not here: send it to /pictures first' })
  return gone
}

const called = (name: string) =>
  taken(`There is a rule called ${name}.`, { field: 'name', fix: 'choose another, or change that one' })

const viewOf = ({ delay, when, act: does, tenant: _, ...rule }: Rule): z.input<typeof ruleView> => ({
  ...rule,
  when: { ...when },
  act: { ...does },
  delaySeconds: delay,
})

/** What was open before is nobody's surprise: a rule that is switched on leaves it alone, and says how much of it would fit. */
async function switchedOn(reads: Reads, tenant: Tenant, rule: Rule): Promise<z.input<typeof ruleView>> {
  return { ...viewOf(rule), ...(rule.mode === 'on' ? { openFitting: await countFitting(reads, tenant, rule) } : {}) }
}

const breakerOf = ({ most, tripped, resetAt }: Breaker): z.input<typeof breakerView> => ({
  limit: most ?? usual,
  ...(tripped ? { tripped: { at: tripped.at, count: tripped.count, limit: tripped.most } } : {}),
  ...(resetAt === undefined ? {} : { resetAt }),
})
