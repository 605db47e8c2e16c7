import { z } from 'zod'
import type { PlatformName } from '../complaints/complaint.ts'
import { type Fault, faultsOf, type Template, variables, wordedActs } from '../complaints/template.ts'
import { asId } from '../core/words.ts'
import { listRules } from '../storage/rules.ts'
import { changeTemplate, createTemplate, listTemplates, removeTemplate } from '../storage/templates.ts'
import { listOf, position } from './fields.ts'
import { none, silence, tenantOperation } from './operation.ts'
import { notThere, taken } from './problem.ts'

const nameFix = 'give a name of 1 to 20 characters on one line, with a letter in it, such as 道歉补发'
export const templateName = z
  .string(nameFix)
  .trim()
  .refine((name) => /^\P{Cc}{1,20}$/u.test(name) && /\p{L}/u.test(name), nameFix)
  .meta({ minLength: 1, maxLength: 20 })

const textFix = 'give the words: 1 to 1000 characters'
export const words = z
  .string(textFix)
  .trim()
  .refine((text) => text !== '' && [...text].length <= 1000, textFix)
  .superRefine((text, { addIssue }) => {
    for (const fault of faultsOf(text)) addIssue({ code: 'custom', message: fixOf(fault) })
  })
  .meta({ minLength: 1, maxLength: 1000 })

const known = Object.entries(variables)
  .map(([name, chinese]) => `{${name}} or {${chinese}}`)
  .join(', ')

function fixOf(fault: Fault): string {
  if (fault.fault === 'unknown') return `there is no variable {${fault.name}}; known are ${known}`
  return `the ${fault.brace} stands alone: a variable is written {order}, and braces are for nothing else; take it out or complete it`
}

const list = <Item extends z.ZodType>(item: Item, fix: string) =>
  z
    .array(item, fix)
    .max(20, 'at most 20')
    .transform((items) => [...new Set(items)])

const actFix = `a list of acts out of ${wordedActs.join(', ')}; none for all of them`
export const acts = list(z.enum(wordedActs, `one of ${wordedActs.join(', ')}`), actFix)

const reasonFix = 'a part of the reason, 1 to 40 characters, such as 破损'
export const reasons = list(
  z.string(reasonFix).trim().min(1, reasonFix).max(40, reasonFix),
  'a list of parts of the reason; none for any reason',
)

const platformNames = ['wechat-mini', 'wechat-pay', 'alipay'] as const satisfies readonly PlatformName[]
export const platforms = list(
  z.enum(platformNames, `one of ${platformNames.join(', ')}`),
  `a list of platforms out of ${platformNames.join(', ')}; none for all of them`,
)

const newTemplate = z.strictObject(
  {
    name: templateName,
    text: words,
    for: acts.default([]),
    reasons: reasons.default([]),
    platforms: platforms.default([]),
  },
  'a JSON object',
)

const templateChange = z.strictObject(
  {
    name: templateName.exactOptional(),
    text: words.exactOptional(),
    for: acts.exactOptional(),
    reasons: reasons.exactOptional(),
    platforms: platforms.exactOptional(),
    position: position.exactOptional(),
  },
  'a JSON object',
)

const templateView = z.object({
  id: z.string(),
  name: z.string(),
  text: z.string(),
  for: z.array(z.string()),
  reasons: z.array(z.string()),
  platforms: z.array(z.string()),
  position: z.number(),
})

export const templateOperations = [
  tenantOperation({
    method: 'post',
    path: '/templates',
    summary: 'Adds a template: a reply kept for later, with places to fill in',
    query: none,
    body: newTemplate,
    status: 201,
    answer: templateView,
    async run({ parts, tenant, body }) {
      const made = await parts.storage.transaction((tx) => createTemplate(tx, { ...body, tenant: tenant.id }))
      return made ? viewOf(made) : called(body.name)
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/templates',
    summary: 'Lists the templates of a business, in the order in which they are offered',
    query: none,
    body: none,
    status: 200,
    answer: listOf(templateView),
    async run({ parts, tenant }) {
      return { items: (await listTemplates(parts.storage.reads, tenant.id)).map(viewOf) }
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/templates/:template',
    summary: 'Shows a template',
    query: none,
    body: none,
    status: 200,
    answer: templateView,
    async run({ parts, tenant, param }) {
      const template = (await listTemplates(parts.storage.reads, tenant.id)).find(({ id }) => id === param('template'))
      return template ? viewOf(template) : notThere('template')
    },
  }),
  tenantOperation({
    method: 'patch',
    path: '/templates/:template',
    summary: 'Changes a template; what is not named stays, an empty list takes a limit away',
    query: none,
    body: templateChange,
    status: 200,
    answer: templateView,
    refuses: [409],
    async run({ parts, tenant, param, body }) {
      const changed = await parts.storage.transaction((tx) =>
        changeTemplate(tx, tenant.id, asId(param('template')), body),
      )
      if (changed === 'taken') return called(body.name ?? '')
      return changed ? viewOf(changed) : notThere('template')
    },
  }),
  tenantOperation({
    method: 'delete',
    path: '/templates/:template',
    summary: 'Removes a template; what was said with it stays said',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    refuses: [409],
    async run({ parts, tenant, param }) {
      const id = asId<'template'>(param('template'))
      return parts.storage.transaction(async (tx) => {
        const rules = await listRules(tx, tenant.id)
        const users = rules.filter(({ act }) => act.kind === 'respond' && act.template === id)
        if (users.length > 0) return used(users.map(({ name }) => name))
        return (await removeTemplate(tx, tenant.id, id)) ? undefined : notThere('template')
      })
    },
  }),
]

/** A rule without its words would fall silent, and nobody would notice. */
const used = (rules: readonly string[]) =>
  taken(`It is used by the rule ${rules.join(', ')}.`, {
    field: 'template',
    fix: 'give the rule other words, or remove it first: redress rule update … --text …',
  })

const called = (name: string) =>
  taken(`There is a template called ${name}.`, { field: 'name', fix: 'choose another, or change that one' })

const viewOf = (template: Template): z.input<typeof templateView> => ({
  ...template,
  for: [...template.for],
  reasons: [...template.reasons],
  platforms: [...template.platforms],
})
