import { ownCaps } from '../../actions/refund-gate.ts'
import { atLeast, type Member } from '../../complaints/member.ts'
import { overCap } from '../../complaints/money.ts'
import { type Fen, fen, yuan } from '../../core/words.ts'
import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { listMembers } from '../../storage/members.ts'
import { payerOf } from '../../storage/seats.ts'
import type { Tenant } from '../../storage/tenants.ts'
import type { CheckParts, Finding } from '../doctor.ts'
import { ofEachTenant } from './tenants.ts'

/** Whether money that may go back can, by whom, and how much. Nothing is said where none may. */
export const refundCheck = ofEachTenant('refunds', async ({ storage }, tenant) => {
  const accounts = await listAccounts(storage.reads, tenant.id)
  const on = accounts.filter(({ enabled, settings }) => enabled && settings.refunds === true)
  if (on.length === 0) return []
  const members = await listMembers(storage.reads, tenant.id)
  const people = members.filter((member) => member.enabled && atLeast(member, 'refunder'))
  const unpaid = await Promise.all(on.map((account) => unpaidOf(storage.reads, tenant, account, accounts)))
  const found = [
    ...unpaid.flat(),
    ...dayCap(tenant),
    ...(people.length === 0 ? [nobody(tenant)] : alone(tenant, people)),
  ]
  return found.length > 0 ? found : [ready(on, people)]
})

async function unpaidOf(
  reads: CheckParts['storage']['reads'],
  tenant: Tenant,
  account: StoredAccount,
  accounts: readonly StoredAccount[],
): Promise<readonly Finding[]> {
  if (await payerOf(reads, account)) return []
  const named = account.settings.payer
  const off = accounts.find(({ platform, outsideId }) => platform === 'wechat-pay' && outsideId === named)
  const command = off
    ? `redress account enable ${off.id} --tenant ${tenant.handle}`
    : `redress account update ${account.outsideId} --tenant ${tenant.handle} --setting payer=<mchid>`
  const mchid = String(named ?? '—')
  return [
    {
      level: 'bad',
      what: {
        zh: `${account.name}：允许退款，但代付的商户号 ${mchid} 不是本商户已启用的微信支付账号，无法退款`,
        en: `${account.name}: refunds are on, but the payer ${mchid} is no enabled WeChat Pay account of this tenant: nothing can be refunded`,
      },
      fix: off
        ? { zh: `启用该账号：${command}`, en: `switch that account on: ${command}` }
        : {
            zh: `用 redress account add --platform wechat-pay 添加该商户号，或改为已有的：${command}`,
            en: `add it with redress account add --platform wechat-pay, or name one that is there: ${command}`,
          },
    },
  ]
}

function dayCap({ handle, refundDay }: Tenant): readonly Finding[] {
  if (refundDay !== undefined) return []
  const command = `redress tenant update ${handle} --refund-day 2000`
  return [
    {
      level: 'warn',
      what: {
        zh: '允许退款，但没有设置每日退款总额上限',
        en: 'refunds are on, and there is no cap for all refunds of a day',
      },
      fix: { zh: `按实际金额（元）设置：${command}`, en: `set one, in yuan: ${command}` },
    },
  ]
}

const nobody = (tenant: Tenant): Finding => ({
  level: 'warn',
  what: { zh: '允许退款，但没有成员可以退款', en: 'refunds are on, and no member may refund' },
  fix: { zh: `给成员退款权限：${makeRefunder(tenant)}`, en: `let a member refund: ${makeRefunder(tenant)}` },
})

/** From some amount on two must be able to give so much: who asks, and another one who approves. */
function alone(tenant: Tenant, people: readonly Member[]): readonly Finding[] {
  // The least amount that needs two; without two of them, no larger one goes either.
  const amount = fen(Math.max(1, tenant.secondPersonFrom))
  const able = people.filter(
    (member) => mayGive(amount, tenant) && overCap(amount, ownCaps(member, tenant), fen(0)) === undefined,
  )
  const [only] = able
  if (!only || able.length > 1) return []
  const from = yuan(tenant.secondPersonFrom)
  return [
    {
      level: 'warn',
      what: {
        zh: `¥${from} 起的退款需要两个人，但只有 ${only.handle} 可以退这么多：没有人能批准`,
        en: `refunds from ¥${from} on need two people, and only ${only.handle} may refund so much: nobody could approve`,
      },
      fix: {
        zh: `给另一位成员权限：${makeRefunder(tenant)}（或提高其个人上限 --refund-each、--refund-day）`,
        en: `let another member refund: ${makeRefunder(tenant)} (or raise the own caps: --refund-each, --refund-day)`,
      },
    },
  ]
}

function mayGive(amount: Fen, { refundEach, refundDay }: Pick<Tenant, 'refundEach' | 'refundDay'>): boolean {
  const caps = {
    ...(refundEach === undefined ? {} : { each: refundEach }),
    ...(refundDay === undefined ? {} : { day: refundDay }),
  }
  return overCap(amount, caps, fen(0)) === undefined
}

const makeRefunder = ({ handle }: Tenant) => `redress member update <member> --tenant ${handle} --role refunder`

const ready = (on: readonly StoredAccount[], people: readonly Member[]): Finding => {
  const [accounts, handles] = [on.map(({ name }) => name), people.map(({ handle }) => handle)]
  return {
    level: 'ok',
    what: {
      zh: `可退款账号：${accounts.join('、')}；可退款成员：${handles.join('、')}`,
      en: `refunds are on for ${accounts.join(', ')}; members who may refund: ${handles.join(', ')}`,
    },
  }
}
