import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { listWaiting } from '../../storage/authorizations.ts'
import { listMerchants, type StoredMerchant } from '../../storage/merchants.ts'
import type { Tenant } from '../../storage/tenants.ts'
import type { CheckParts, Finding } from '../doctor.ts'
import { ofEachTenant } from './tenants.ts'

/** Whether those who stand under an account still let it speak for them, and for all that it does. */
export const merchantCheck = ofEachTenant('merchants', async (parts, tenant) => {
  const accounts = (await listAccounts(parts.storage.reads, tenant.id)).filter(
    ({ enabled, platform }) => enabled && parts.platforms.get(platform)?.authorising,
  )
  const found = await Promise.all(accounts.map((account) => merchantsOf(parts, tenant, account)))
  return found.flat()
})

async function merchantsOf(
  { storage }: CheckParts,
  { id: tenant, handle }: Tenant,
  account: StoredAccount,
): Promise<readonly Finding[]> {
  const merchants = await listMerchants(storage.reads, { tenant, account: account.id })
  const on = merchants.filter(({ enabled }) => enabled)
  const waiting = await listWaiting(storage.reads, account.id)
  const authorize = `redress merchant authorize ${account.id} --tenant ${handle}`
  const gone = on.filter(({ authorised }) => !authorised)
  const lacking = on.filter(({ authorised, lacks }) => authorised && lacks.length > 0)
  return [
    ...(gone.length > 0 ? [notAuthorised(account, gone, authorize)] : []),
    ...lacking.map((merchant) => lacks(account, merchant, authorize)),
    ...(waiting.length > 0 ? [unclaimed(account, waiting.length, handle)] : []),
    ...(gone.length + lacking.length === 0 && on.length > 0 ? [fine(account, on.length)] : []),
  ]
}

const names = (merchants: readonly StoredMerchant[], separator: string) => {
  const shown = merchants.slice(0, 5).map(({ name }) => name)
  return merchants.length > shown.length ? [...shown, `… ${merchants.length}`].join(separator) : shown.join(separator)
}

const notAuthorised = ({ name }: StoredAccount, gone: readonly StoredMerchant[], command: string): Finding => ({
  level: 'bad',
  what: {
    zh: `${name}：商家没有授权或已取消授权，收不到其投诉：${names(gone, '、')}`,
    en: `${name}: these merchants have not authorised the app, or no longer do; their complaints are not heard: ${names(gone, ', ')}`,
  },
  fix: {
    zh: `请商家重新授权：${command}；不再服务的商家请禁用`,
    en: `let them authorise again: ${command}; disable those whom you no longer serve`,
  },
})

const lacks = ({ name }: StoredAccount, merchant: StoredMerchant, command: string): Finding => ({
  level: 'warn',
  what: {
    zh: `${name}：商家 ${merchant.name} 的授权缺少接口：${merchant.lacks.join('、')}`,
    en: `${name}: the authorisation of ${merchant.name} lacks ${merchant.lacks.join(', ')}`,
  },
  fix: {
    zh: `在开放平台给应用添加相应产品，再请商家重新授权：${command}`,
    en: `add the products to the app in the console, then let the merchant authorise again: ${command}`,
  },
})

const unclaimed = ({ id, name }: StoredAccount, count: number, handle: string): Finding => ({
  level: 'warn',
  what: {
    zh: `${name}：${count} 个商家已授权，等待认领`,
    en: `${name}: merchants that have authorised and wait to be claimed: ${count}`,
  },
  fix: {
    zh: `查看：redress merchant waiting --account ${id} --tenant ${handle}`,
    en: `see them: redress merchant waiting --account ${id} --tenant ${handle}`,
  },
})

const fine = ({ name }: StoredAccount, count: number): Finding => ({
  level: 'ok',
  what: { zh: `${name}：${count} 个商家已授权`, en: `${name}: merchants that have authorised: ${count}` },
})
