import { defaultCaps, type RuleAct } from '../complaints/rule.ts'
import type { Problem } from '../core/errors.ts'
import { type AccountId, asId, type BotId, type MemberId, type TemplateId } from '../core/words.ts'
import { createAccount } from '../storage/accounts.ts'
import { createBot } from '../storage/bots.ts'
import { setBreakerMost } from '../storage/breakers.ts'
import { createChannel } from '../storage/channels.ts'
import { setDuty } from '../storage/duty.ts'
import { createMember } from '../storage/members.ts'
import { createMerchant } from '../storage/merchants.ts'
import { findPicture, keepSentPicture } from '../storage/pictures.ts'
import { changeReminding } from '../storage/reminding.ts'
import { createRoom } from '../storage/rooms.ts'
import { createRule } from '../storage/rules.ts'
import type { Tx } from '../storage/storage.ts'
import { createTemplate } from '../storage/templates.ts'
import { createTenant, type Tenant } from '../storage/tenants.ts'
import type { AdminParts } from './parts.ts'
import { invalid, Refusal } from './problem.ts'
import { settingsOf } from './reminding.ts'
import { problemsOf, withCaps } from './rules.ts'
import { refOf, type TenantFile } from './tenant-file.ts'

/** What a person must still do before the business works as it did. */
export interface Need {
  readonly what: 'account' | 'bot' | 'channel' | 'recipient' | 'member' | 'merchants' | 'rule'
  readonly name: string
  readonly needs: string
}

export interface Imported {
  readonly id: string
  readonly tenant: Tenant
  readonly needs: readonly Need[]
}

/** Everything that is collected on the way, so that it is all said at once. */
interface Desk {
  readonly parts: AdminParts
  readonly tx: Tx
  readonly tenant: Tenant
  readonly file: TenantFile
  readonly accounts: Map<string, AccountId>
  readonly bots: Map<string, BotId>
  readonly members: Map<string, MemberId>
  readonly templates: Map<string, TemplateId>
  readonly wrong: Problem[]
  readonly clashes: Problem[]
  readonly needs: Need[]
}

/** Makes it all, switched off where a secret is missing, or nothing. @throws Refusal that names everything in the way */
export async function importTenant(parts: AdminParts, tx: Tx, file: TenantFile): Promise<Imported> {
  const { reminding, ...about } = file.tenant
  const clashes: Problem[] = []
  const made = await createTenant(tx, about)
  if (!made) clashes.push({ field: 'handle', fix: `${about.handle} is taken: choose another` })
  // Thrown away with everything else: what else is in the way is found all the same.
  const tenant = made ?? (await createTenant(tx, { ...about, handle: `import-${tx.random(8).toString('hex')}` }))
  if (!tenant) throw new Error('no handle is free')
  if (reminding) await changeReminding(tx, tenant.id, settingsOf(reminding))
  const maps = { accounts: new Map(), bots: new Map(), members: new Map(), templates: new Map() }
  const desk: Desk = { parts, tx, tenant, file, ...maps, wrong: [], clashes, needs: [] }
  for (const step of [accounts, bots, members, rooms, templates, rules, channels, duty]) await step(desk)
  if (file.breaker.limit !== null) await setBreakerMost(tx, tenant.id, file.breaker.limit)
  if (desk.wrong.length > 0) throw invalid(desk.wrong)
  if (clashes.length > 0)
    throw new Refusal(409, {
      title: 'Taken',
      detail: `Nothing was imported: ${clashes.map(({ field, fix }) => `${field}: ${fix}`).join('; ')}`,
      problems: clashes,
    })
  return { id: tenant.id, tenant, needs: desk.needs }
}

async function accounts(desk: Desk): Promise<void> {
  const { parts, tx, tenant, file, needs, wrong, clashes } = desk
  for (const [at, { merchants, secrets, platform: named, enabled: _, ...account }] of file.accounts.entries()) {
    const field = `file.accounts.${at}`
    const platform = [...parts.platforms.values()].find((each) => each.name === named)
    if (!platform) {
      wrong.push({ field: `${field}.platform`, fix: `one of ${[...parts.platforms.keys()].join(', ')}` })
      continue
    }
    const wish = { ...account, tenant: tenant.id, platform: platform.name, enabled: false, secrets: {} }
    const made = await createAccount(tx, wish)
    const ref = refOf({ platform: named, outsideId: account.outsideId })
    if (!made) {
      clashes.push({ field, fix: `${ref} is served by this installation already: take it out` })
      continue
    }
    desk.accounts.set(ref, made.id)
    needs.push({ what: 'account', name: account.name, needs: again(secrets) })
    if (!platform.needs.checkMerchant && platform.authorising)
      needs.push({ what: 'merchants', name: account.name, needs: 'its merchants authorise it again' })
    for (const [nr, merchant] of merchants.entries())
      if (!(await createMerchant(tx, { ...merchant, tenant: tenant.id, account: made.id })))
        clashes.push({ field: `${field}.merchants.${nr}`, fix: `${merchant.outsideId} stands there twice` })
  }
}

async function bots(desk: Desk): Promise<void> {
  const { parts, tx, tenant, file, needs, wrong, clashes } = desk
  for (const [at, { secrets, enabled: _, ...bot }] of file.bots.entries()) {
    const field = `file.bots.${at}`
    if (!parts.botKinds.some(({ kind }) => kind === bot.kind)) {
      wrong.push({ field: `${field}.kind`, fix: `one of ${parts.botKinds.map(({ kind }) => kind).join(', ')}` })
      continue
    }
    const made = await createBot(tx, { ...bot, tenant: tenant.id, enabled: false, secrets: {} })
    if (!made) clashes.push({ field, fix: `${bot.name} stands there twice` })
    else desk.bots.set(bot.name, made.id)
    needs.push({ what: 'bot', name: bot.name, needs: again(secrets) })
  }
}

async function members({ tx, tenant, file, needs, clashes, members: known }: Desk): Promise<void> {
  for (const [at, member] of file.members.entries()) {
    const made = await createMember(tx, { ...member, tenant: tenant.id })
    if (made) known.set(member.handle, made.id)
    else clashes.push({ field: `file.members.${at}`, fix: `${member.handle} stands there twice` })
    needs.push({ what: 'member', name: member.handle, needs: 'binds in the chat again: redress member bind-code' })
  }
}

async function rooms(desk: Desk): Promise<void> {
  const { tx, tenant, file, wrong, clashes } = desk
  for (const [at, { bot: named, accounts: refs, ...room }] of file.rooms.entries()) {
    const field = `file.rooms.${at}`
    const bot = desk.bots.get(named)
    const limited = limit(desk, refs, field)
    if (!bot) wrong.push({ field: `${field}.bot`, fix: 'the name of a bot of this file' })
    else if (!(await createRoom(tx, { ...room, tenant: tenant.id, bot, alone: false, ...limited })))
      clashes.push({ field, fix: `${room.title} stands there twice` })
  }
}

async function templates({ tx, tenant, file, clashes, templates: known }: Desk): Promise<void> {
  for (const [at, template] of file.templates.entries()) {
    const made = await createTemplate(tx, { ...template, tenant: tenant.id })
    if (made) known.set(template.name, made.id)
    else clashes.push({ field: `file.templates.${at}`, fix: `${template.name} stands there twice` })
  }
}

async function rules(desk: Desk): Promise<void> {
  const { tx, tenant, file, needs, wrong, clashes } = desk
  for (const [at, { accounts: refs, act: written, delaySeconds: delay, caps, mode, ...rule }] of file.rules.entries()) {
    const field = `file.rules.${at}`
    const act = withTemplate(desk, written)
    if (!act) {
      wrong.push({ field: `${field}.act.template`, fix: 'the name of a template of this file' })
      continue
    }
    if (await lacksPicture(desk, act)) {
      needs.push({ what: 'rule', name: rule.name, needs: 'left out: its pictures are not here; add it by hand' })
      continue
    }
    const limited = { accounts: limit(desk, refs, field).accounts ?? [] }
    // Nothing goes by itself before somebody says so, here too.
    const wish = withCaps({
      ...{ ...rule, ...limited, tenant: tenant.id, act, delay, mode: 'off' as const },
      ...(caps ? { caps: act.kind === 'refund' ? { ...defaultCaps, ...caps } : caps } : {}),
    })
    const problems = await problemsOf(tx, tenant, wish)
    if (problems.length > 0) wrong.push(...problems.map((one) => ({ ...one, field: `${field}.${one.field}` })))
    else if (!(await createRule(tx, wish))) clashes.push({ field, fix: `${rule.name} stands there twice` })
    if (mode === 'on') needs.push({ what: 'rule', name: rule.name, needs: 'was on: redress rule enable' })
  }
}

async function channels(desk: Desk): Promise<void> {
  const { parts, tx, tenant, file, needs, wrong, clashes } = desk
  for (const [at, { recipients, secrets, enabled: _, accounts: refs, ...channel }] of file.channels.entries()) {
    const field = `file.channels.${at}`
    if (!parts.channelKinds?.some(({ kind }) => kind === channel.kind)) {
      const known = (parts.channelKinds ?? []).map(({ kind }) => kind).join(', ')
      wrong.push({ field: `${field}.kind`, fix: `one of ${known}` })
      continue
    }
    const wish = { ...channel, tenant: tenant.id, enabled: false, secrets: {}, ...limit(desk, refs, field) }
    if (!(await createChannel(tx, wish))) clashes.push({ field, fix: `${channel.name} stands there twice` })
    needs.push({ what: 'channel', name: channel.name, needs: again(secrets) })
    for (const { label, wants } of recipients)
      needs.push({ what: 'recipient', name: `${channel.name}: ${label}`, needs: `address; wanted ${wants.join(', ')}` })
  }
}

async function duty({ tx, tenant, file, wrong, members: known }: Desk): Promise<void> {
  const set = file.duty.flatMap(({ member, hours }, at) => {
    const id = known.get(member)
    if (!id) wrong.push({ field: `file.duty.${at}.member`, fix: 'the handle of a member of this file' })
    return id ? [{ ...hours, member: id }] : []
  })
  if (new Set(set.map(({ member }) => member)).size < set.length)
    wrong.push({ field: 'file.duty', fix: 'name everybody once' })
  else await setDuty(tx, tenant.id, set)
}

const again = (secrets: readonly string[]): string =>
  secrets.length > 0 ? `its secrets (${secrets.join(', ')}), then switch it on` : 'switch it on'

/** Only those accounts; one that stands in the way already is not named twice. */
function limit(
  { accounts: known, file, wrong }: Desk,
  refs: readonly string[] | undefined,
  field: string,
): { accounts?: AccountId[] } {
  if (!refs || refs.length === 0) return {}
  const inFile = new Set(file.accounts.map(refOf))
  for (const [at, ref] of refs.entries())
    if (!inFile.has(ref)) wrong.push({ field: `${field}.accounts.${at}`, fix: 'an account of this file' })
  return { accounts: refs.flatMap((ref) => known.get(ref) ?? []) }
}

function withTemplate({ templates: known }: Desk, act: RuleAct): RuleAct | undefined {
  if (act.kind !== 'respond' || act.template === undefined) return act
  const template = known.get(act.template)
  return template && { ...act, template: asId<'template'>(template) }
}

/** Whoever imports reaches every business here: what one of them has sent is sent for this one, too. */
async function lacksPicture({ tx, tenant }: Desk, act: RuleAct): Promise<boolean> {
  const hashes = act.kind === 'respond' ? (act.pictures ?? []) : []
  for (const hash of hashes) {
    const picture = await findPicture(tx, hash)
    if (!picture) return true
    await keepSentPicture(tx, tenant.id, picture)
  }
  return false
}
