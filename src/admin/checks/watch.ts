import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { openAlarms } from '../../storage/alarms.ts'
import { findStanding, findWatch } from '../../storage/watch.ts'
import type { CheckParts, Finding } from '../doctor.ts'
import { apart, ofEachTenant } from './tenants.ts'

const shownAtOnce = 5

/** The safety net for what was never pushed: is it there, and did it catch something that nobody has looked at? */
export const netCheck = ofEachTenant('safety net', async (parts, tenant) => {
  const accounts = (await listAccounts(parts.storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  const nets = await Promise.all(accounts.map((account) => netOf(parts, account)))
  const alarms = await openAlarms(parts.storage.reads, tenant.id, shownAtOnce + 1)
  return [...nets.flat(), ...(alarms.length === 0 ? [] : [unheard(alarms.map(({ dispute }) => dispute))])]
})

async function netOf({ storage, platforms }: CheckParts, account: StoredAccount): Promise<readonly Finding[]> {
  const platform = platforms.get(account.platform)
  if (!platform?.disputed) return []
  const orders = await findWatch(storage.reads, account.id, 'orders')
  if (orders?.off === undefined) return []
  const why = apart(orders.off)
  return [
    {
      level: 'warn',
      what: {
        zh: `${account.name}：不能查看订单是否有投诉（${why.zh}），漏推的投诉只能靠后台查看`,
        en: `${account.name}: orders in dispute cannot be looked up (${why.en}): what is never pushed is seen in the console only`,
      },
      fix: {
        zh: '开通小程序「发货信息管理」后，每晚会自动重试',
        en: 'have 发货信息管理 opened for the mini program; it is tried again every night',
      },
    },
  ]
}

function unheard(disputes: readonly { readonly order?: string; readonly outTradeNo?: string }[]): Finding {
  const names = disputes.slice(0, shownAtOnce).map(({ order, outTradeNo }) => outTradeNo ?? order ?? '')
  const more = disputes.length > shownAtOnce ? ' …' : ''
  return {
    level: 'bad',
    what: {
      zh: `有投诉但没有收到推送的订单：${names.join('、')}${more}`,
      en: `orders in dispute of which no complaint was pushed: ${names.join(', ')}${more}`,
    },
    fix: {
      zh: '到平台后台查到投诉单号，运行 redress complaint import，或在群里发送 /import',
      en: 'look the complaint number up in the console, then: redress complaint import, or /import in the group',
    },
  }
}

/** How the platform rates the accounts, as read last. */
export const standingCheck = ofEachTenant('score', async (parts, tenant) => {
  const accounts = (await listAccounts(parts.storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  const found = await Promise.all(accounts.map((account) => standingOf(parts, account)))
  return found.flat()
})

async function standingOf({ storage }: CheckParts, { id, name }: StoredAccount): Promise<readonly Finding[]> {
  const stored = await findStanding(storage.reads, id)
  if (!stored) return []
  const { score = '—', penalties, guarantee } = stored.standing
  const rated: Finding = {
    level: 'ok',
    what: {
      zh: `${name}：交易体验分 ${score}，扣分记录 ${penalties.length} 条`,
      en: `${name}: experience score ${score}, violations: ${penalties.length}`,
    },
  }
  if (!guarantee || guarantee.active) return [rated]
  const why = [guarantee.message, ...guarantee.reasons].filter(Boolean).join('；')
  return [
    rated,
    {
      level: 'warn',
      what: { zh: `${name}：交易保障未开通：${why}`, en: `${name}: the transaction guarantee is not active: ${why}` },
      fix: {
        zh: '到微信公众平台的交易保障页面按提示处理',
        en: 'follow what the console says under 交易保障 (transaction guarantee)',
      },
    },
  ]
}
