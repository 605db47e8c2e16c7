import { countFitting } from '../actions/rule-trial.ts'
import { atLeast } from '../complaints/member.ts'
import type { Rule } from '../complaints/rule.ts'
import { named } from '../complaints/template.ts'
import { findBreaker, resetBreaker } from '../storage/breakers.ts'
import { listRules, saveRule } from '../storage/rules.ts'
import { listTemplates } from '../storage/templates.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, refusal, say } from './context.ts'
import { clockTime } from './times.ts'

const words = { on: ['on', '启用', '开'], off: ['off', '停用', '关'], reset: ['reset', '恢复'] } as const

/** `/rules`: what is done by itself; `/rules off 小额`, `/rules reset`: an admin's. */
export async function rules(context: Context, { rest }: { readonly rest: string }): Promise<Answer> {
  const [first = '', ...more] = rest.trim().normalize('NFKC').split(/\s+/)
  const wanted = (['on', 'off', 'reset'] as const).find((each) =>
    words[each].some((word) => word === first.toLowerCase()),
  )
  if (first === '') return answerTo(context, await listing(context))
  if (!wanted) return refusal(context, 'no.arguments', { example: '/rules · /rules off …' })
  if (!atLeast(context.member, 'admin')) return refusal(context, 'no.role', { role: say(context, 'role.admin') })
  return wanted === 'reset' ? reset(context) : turn(context, wanted, more.join(' '))
}

async function listing(context: Context): Promise<string> {
  const { parts, tenant } = context
  const all = await listRules(parts.storage.reads, tenant.id)
  const { tripped } = await findBreaker(parts.storage.reads, tenant.id)
  return [
    say(context, all.length > 0 ? 'rules.title' : 'rules.none'),
    ...all.map((rule) => row(context, rule)),
    ...(tripped
      ? [say(context, 'rules.tripped', { at: clockTime(tripped.at, tenant.zone), example: '/rules reset' })]
      : []),
  ].join('\n')
}

const row = (context: Context, { name, position, mode, act, delay }: Rule): string =>
  say(context, 'rules.row', {
    ...{ name, position, delay },
    mode: say(context, `rules.${mode}`),
    act: say(context, `act.${act.kind}`),
  })

async function turn(context: Context, mode: 'on' | 'off', word: string): Promise<Answer> {
  const { parts, tenant } = context
  const all = await listRules(parts.storage.reads, tenant.id)
  const found = named(all, word)
  const [rule] = found
  const names = all.map(({ name }) => name).join(' / ')
  if (!rule || found.length > 1) return refusal(context, 'no.rule', { word, names })
  if (mode === 'on' && (await isTemplateGone(context, rule)))
    return refusal(context, 'no.rule-template', { name: rule.name, fix: 'redress rule update' })
  await parts.storage.transaction((tx) => saveRule(tx, { ...rule, mode }))
  const open = mode === 'on' && rule.mode === 'off' ? await countFitting(parts.storage.reads, tenant, rule) : 0
  const lines = [say(context, `rules.set.${mode}`, { name: rule.name })]
  if (open > 0) lines.push(say(context, 'rules.open', { count: open, example: `redress rule try ${rule.name}` }))
  return answerTo(context, lines.join('\n'))
}

async function isTemplateGone({ parts, tenant }: Context, { act }: Rule): Promise<boolean> {
  if (act.kind !== 'respond' || act.template === undefined) return false
  const { template } = act
  return (await listTemplates(parts.storage.reads, tenant.id)).every(({ id }) => id !== template)
}

async function reset(context: Context): Promise<Answer> {
  const { parts, tenant } = context
  const done = await parts.storage.transaction((tx) => resetBreaker(tx, tenant.id))
  return answerTo(context, say(context, done ? 'rules.reset' : 'rules.reset.not'))
}
