import type { Body } from '../desk.ts'
import type { Core } from './core.ts'
import { type Refusal, refuse } from './errors.ts'
import type { OfficialAccount } from './official.ts'

type Answer = Refusal | Readonly<Record<string, unknown>>

/** api_add_template, notifications.md §3.1. */
export function addTemplate(core: Core, account: OfficialAccount, body: Body): Answer {
  const { template_id_short: shortId, keyword_name_list: names } = body
  const found = account.library?.find((one) => one.shortId === shortId)
  if (!found || !core.rules.templatesByApi) return refuse(40037)
  const chosen = Array.isArray(names) ? names.map((name) => found.keywords.find((one) => one.name === name)) : []
  if (chosen.length === 0 || chosen.includes(undefined)) return refuse(40246)
  const content = chosen.map((one) => `${one?.name}:{{${one?.key}.DATA}}`).join('\n')
  const template = { id: core.random(32).toString('base64url').slice(0, 43), title: found.title, content }
  core.changed({ ...account, templates: [...account.templates, template] })
  return { errcode: 0, errmsg: 'ok', template_id: template.id }
}

/** get_all_private_template. */
export function allTemplates(core: Core, { templates }: OfficialAccount): Answer {
  const listed = core.rules.templatesByApi ? templates : []
  return {
    template_list: listed.map(({ id, title, content }) => ({
      template_id: id,
      title,
      primary_industry: '',
      deputy_industry: '',
      content: `${content}\n`,
      example: '',
    })),
  }
}

/** user/get: ten thousand at most. */
export function followers({ people }: Core, { appid }: OfficialAccount): Answer {
  const openid = people
    .all()
    .filter((one) => one.appid === appid && one.following)
    .map((one) => one.openid)
  return {
    total: openid.length,
    count: openid.length,
    ...(openid.length > 0 ? { data: { openid } } : {}),
    next_openid: openid.at(-1) ?? '',
  }
}

/** user/info: of somebody who does not follow nothing is told but that. */
export function follower({ people }: Core, { appid }: OfficialAccount, openid: string | null): Answer {
  const person = people.get(openid ?? '')
  if (person?.appid !== appid) return refuse(40003)
  if (!person.following) return { subscribe: 0, openid }
  return { subscribe: 1, openid, language: 'zh_CN', subscribe_time: Math.floor((person.since ?? 0) / 1000), remark: '' }
}
