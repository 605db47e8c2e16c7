import type { Body } from '../desk.ts'
import { isObject } from '../wire.ts'
import type { Core } from './core.ts'
import { isRefusal, type Refusal, refuse } from './errors.ts'
import { isOfFinish } from './misbehave.ts'
import type { OfficialAccount, Person, Template } from './official.ts'
import { shownValue, slotsOf } from './values.ts'

/** A msgid is a number of 64 bits: the answer is written by hand. */
export type Sent = { readonly msgid: string } | Refusal

export interface Sending {
  /** message/template/send, wechat-miniprogram.md §6. */
  send(account: OfficialAccount, body: Body): Sent
}

export function createSending(core: Core): Sending {
  const { clock } = core
  const counts = new Map<string, number>()
  const repeats = new Map<string, { readonly at: number; readonly msgid: string }>()

  function tooOften(appid: string): Refusal | undefined {
    const day = `${appid} ${Math.floor((clock.now() + 8 * 3_600_000) / 86_400_000)} day`
    const minute = `${appid} ${Math.floor(clock.now() / 60_000)}`
    const [today, now] = [counts.get(day) ?? 0, counts.get(minute) ?? 0]
    const { sendsPerDay, sendsPerMinute } = core.rules
    if (sendsPerDay > 0 && today >= sendsPerDay) return refuse(45009)
    if (sendsPerMinute > 0 && now >= sendsPerMinute) return refuse(45011)
    counts.set(day, today + 1)
    counts.set(minute, now + 1)
    return undefined
  }

  return {
    send(account, body) {
      const no = tooOften(account.appid)
      if (no) return no
      const person = receiver(core, account, body.touser)
      if (isRefusal(person)) return person
      const template = account.templates.find(({ id }) => id === body.template_id)
      if (!template) return refuse(40037)
      const lines = linesOf(template, body.data, core)
      if (isRefusal(lines)) return lines
      const leads = leadsTo(account, body)
      if (isRefusal(leads)) return leads
      const key = `${person.openid} ${body.client_msg_id}`
      const before = body.client_msg_id === undefined ? undefined : repeats.get(key)
      if (before && clock.now() - before.at < core.rules.repeatMs)
        return core.rules.repeated === 0 ? { msgid: before.msgid } : refuse(core.rules.repeated)
      const msgid = String(2_000_000_000_000_000_000n + (core.random(8).readBigUInt64BE() >> 4n))
      repeats.set(key, { at: clock.now(), msgid })
      arrive(core, { account, person, template, lines, leads: leads.to, msgid })
      return { msgid }
    },
  }
}

function receiver({ people, rules }: Core, { appid }: OfficialAccount, openid: unknown): Person | Refusal {
  const person = typeof openid === 'string' ? people.get(openid) : undefined
  if (person?.appid !== appid) return refuse(40003)
  if (person.blacklisted) return refuse(43019)
  return person.following ? person : refuse(rules.notFollowing)
}

type Line = readonly [label: string, text: string]

function linesOf(template: Template, data: unknown, { rules }: Core): readonly Line[] | Refusal {
  if (!isObject(data)) return refuse(47001)
  const lines: Line[] = []
  for (const slot of slotsOf(template)) {
    // Not shown since 2023-05-04, even if sent.
    if (slot.kind === 'first' || slot.kind === 'remark') continue
    const given = data[slot.key]
    const value = isObject(given) ? given.value : ''
    if (typeof value !== 'string') return refuse(47001)
    const shown = shownValue(slot, value, template, rules)
    if (shown === undefined) return refuse(47003, `data.${slot.key}.value invalid`)
    lines.push([slot.label, shown])
  }
  return lines
}

/** The mini program wins over the url. */
function leadsTo({ linked = [] }: OfficialAccount, { miniprogram, url }: Body): { to: string } | Refusal {
  if (miniprogram === undefined) return { to: typeof url === 'string' ? url : '' }
  if (!isObject(miniprogram) || typeof miniprogram.appid !== 'string') return refuse(47001)
  if (!linked.includes(miniprogram.appid)) return refuse(40013)
  return { to: `miniprogram://${miniprogram.appid}/${miniprogram.pagepath ?? ''}` }
}

interface Arriving {
  readonly account: OfficialAccount
  readonly person: Person
  readonly template: Template
  readonly lines: readonly Line[]
  readonly leads: string
  readonly msgid: string
}

function arrive(core: Core, { account, person, template, lines, leads, msgid }: Arriving): void {
  const { appid } = account
  const { openid, refuses } = person
  const status = core.troubles.take(isOfFinish(appid))?.script.status ?? (refuses ? 'failed:user block' : 'success')
  const good = status === 'success'
  if (good) {
    const more = { msgid, templateId: template.id, ...(leads ? { leads } : {}) }
    core.shown.push({ at: core.clock.now(), openid, kind: 'template', title: template.title, lines, ...more })
  }
  core.ledger.add({ appid, what: good ? 'template' : 'template-lost', openid, msgid, ...(good ? {} : { how: status }) })
  core.tell(account, {
    openid,
    event: 'TEMPLATESENDJOBFINISH',
    fields: [
      ['MsgID', { number: msgid }],
      ['Status', status],
    ],
  })
}
