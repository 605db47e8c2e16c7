import { hoursText } from '../complaints/hours.ts'
import type { RuleAct } from '../complaints/rule.ts'
import type { Platforms } from '../platforms/registry.ts'
import { listAccounts, type StoredAccount } from '../storage/accounts.ts'
import { listBots } from '../storage/bots.ts'
import { findBreaker } from '../storage/breakers.ts'
import { listChannels } from '../storage/channels.ts'
import { listDuty } from '../storage/duty.ts'
import { listMembers } from '../storage/members.ts'
import { listMerchants } from '../storage/merchants.ts'
import { listRecipients } from '../storage/recipients.ts'
import { findReminding } from '../storage/reminding.ts'
import { listRooms } from '../storage/rooms.ts'
import { listRules } from '../storage/rules.ts'
import type { Reads } from '../storage/storage.ts'
import { listTemplates } from '../storage/templates.ts'
import type { Tenant } from '../storage/tenants.ts'
import { remindingOf } from './reminding.ts'
import { refOf } from './tenant-file.ts'

/** A business as it is set up; things name each other by their names, for ids are this installation's. */
export async function exportTenant(reads: Reads, platforms: Platforms, tenant: Tenant) {
  const { id, ...about } = tenant
  const accounts = await listAccounts(reads, id)
  const [bots, members, templates] = [
    await listBots(reads, id),
    await listMembers(reads, id),
    await listTemplates(reads, id),
  ]
  const refs = new Map<string, string>(accounts.map((account) => [account.id, refOf(account)]))
  const refsOf = (ids: readonly string[]) => ids.flatMap((each) => refs.get(each) ?? [])
  const only = (ids: readonly string[] | undefined) => (ids ? { accounts: refsOf(ids) } : {})
  const handles = new Map<string, string>(members.map((member) => [member.id, member.handle]))
  const botNames = new Map<string, string>(bots.map((bot) => [bot.id, bot.name]))
  const templateNames = new Map<string, string>(templates.map((template) => [template.id, template.name]))
  return {
    redress: 'tenant' as const,
    version: 1 as const,
    tenant: { ...about, reminding: remindingOf(await findReminding(reads, id)) },
    accounts: await Promise.all(accounts.map((account) => accountOf(reads, platforms, account))),
    bots: bots.map(({ kind, name, enabled, settings, secrets }) => ({
      ...{ kind, name, enabled, settings, secrets: Object.keys(secrets) },
    })),
    members: members.map(({ id: _, tenant: __, ...member }) => member),
    rooms: (await listRooms(reads, id)).flatMap(({ alone, bot, chat, topic, title, language, accounts: ids }) => {
      const named = botNames.get(bot)
      // A person's own chat with the bot is bound anew by that person.
      return alone || named === undefined ? [] : [{ bot: named, chat, topic, title, language, ...only(ids) }]
    }),
    templates: templates.map(({ name, text, for: meant, reasons, platforms: on }) => ({
      ...{ name, text, for: [...meant], reasons: [...reasons], platforms: [...on] },
    })),
    rules: (await listRules(reads, id)).map(({ name, mode, accounts: ids, when, act, delay, caps }) => ({
      ...{ name, mode, accounts: refsOf(ids), when: { ...when }, delaySeconds: delay },
      act: actOf(act, templateNames),
      ...(caps ? { caps } : {}),
    })),
    channels: await channelsOf(reads, id, only),
    duty: (await listDuty(reads, id)).flatMap((duty) => {
      const member = handles.get(duty.member)
      return member === undefined ? [] : [{ member, hours: hoursText(duty) }]
    }),
    breaker: { limit: (await findBreaker(reads, id)).most ?? null },
  }
}

async function accountOf(reads: Reads, platforms: Platforms, account: StoredAccount) {
  const { id, tenant, platform, outsideId, name, enabled, settings, secrets } = account
  // Those that came by their own authorisation come by it again.
  const named = platforms.get(platform)?.needs.checkMerchant !== undefined
  const merchants = named ? await listMerchants(reads, { tenant, account: id }) : []
  return {
    ...{ platform, outsideId, name, enabled, settings, secrets: Object.keys(secrets) },
    merchants: merchants.map(({ outsideId: number, name: called, company, enabled: on, autoRefund }) => ({
      ...{ outsideId: number, name: called, company, enabled: on, autoRefund },
    })),
  }
}

async function channelsOf(
  reads: Reads,
  tenant: Tenant['id'],
  only: (ids: readonly string[] | undefined) => { accounts?: string[] },
) {
  return Promise.all(
    (await listChannels(reads, tenant)).map(async ({ id, kind, name, enabled, settings, secrets, accounts }) => ({
      ...{ kind, name, enabled, settings, secrets: Object.keys(secrets), ...only(accounts) },
      recipients: (await listRecipients(reads, id)).map(({ label, wants, enabled: on }) => ({
        ...{ label, wants, enabled: on },
      })),
    })),
  )
}

const actOf = (act: RuleAct, names: ReadonlyMap<string, string>) =>
  act.kind === 'respond' && act.template !== undefined
    ? { ...act, template: names.get(act.template) ?? act.template }
    : act
