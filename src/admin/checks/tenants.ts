import type { Platform } from '../../platforms/platform.ts'
import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { everCalledBack, parkedCallbacks } from '../../storage/health.ts'
import { identitiesOf, listMembers } from '../../storage/members.ts'
import { likelyMerchants } from '../../storage/merchants.ts'
import { listTenants } from '../../storage/tenants.ts'
import {
  type Both,
  type CheckParts,
  type Finding,
  type InstallationCheck,
  ofEach,
  prefixed,
  type TenantCheck,
} from '../doctor.ts'

export const ofEachTenant = (name: string, of: TenantCheck['of']): TenantCheck => ({ name, of })

/** Errors of platforms come as `中文 | English`. */
export function apart(message: string): Both {
  const [zh = message, en = zh] = message.split(' | ')
  return { zh, en }
}

export const tenantCheck: InstallationCheck = {
  name: 'tenants',
  async run({ storage }) {
    const { length } = await listTenants(storage.reads)
    if (length > 0) return [{ level: 'ok', what: { zh: `${length} 个商户`, en: `tenants: ${length}` } }]
    const command = 'redress tenant create --handle shop --name "…"'
    return [
      {
        level: 'warn',
        what: { zh: '还没有商户', en: 'there is no tenant yet' },
        fix: { zh: `运行 ${command}`, en: `run: ${command}` },
      },
    ]
  },
}

export const accountCheck = ofEachTenant('accounts', async (parts, tenant) => {
  const accounts = await listAccounts(parts.storage.reads, tenant.id)
  if (accounts.length === 0)
    return [
      {
        level: 'warn',
        what: { zh: '还没有平台账号', en: 'there is no account yet' },
        fix: { zh: '运行 redress account add', en: 'run: redress account add' },
      },
    ]
  const on = accounts.filter(({ enabled }) => enabled)
  return ofEach(parts, on, (account) => credentials(parts, account))
})

async function credentials({ platforms, storage }: CheckParts, account: StoredAccount): Promise<readonly Finding[]> {
  const platform = platforms.get(account.platform)
  if (!platform)
    return [
      {
        level: 'bad',
        what: {
          zh: `${account.name}：本程序没有平台 ${account.platform}`,
          en: `${account.name}: this program has no platform ${account.platform}`,
        },
        fix: { zh: '使用包含该平台的版本', en: 'run a version that has it' },
      },
    ]
  // What an app may do for others is refused to itself: one of them is asked for.
  const [merchant] = platform.authorising ? await likelyMerchants(storage.reads, account, 1) : []
  const found = (await platform.inspect?.({ account, ...(merchant ? { merchant } : {}) })) ?? []
  return found.map((finding) => prefixed(account.name, finding))
}

/** WeChat calls back on port 80 or 443 only. */
const reachable = /^(https:\/\/[^/:]+(:443)?|http:\/\/[^/:]+(:80)?)(\/|$)/

export const addressCheck: InstallationCheck = {
  name: 'public address',
  async run({ publicUrl }) {
    if (publicUrl === undefined)
      return [
        {
          level: 'warn',
          what: {
            zh: '没有设置 publicUrl：平台的回调地址只知道路径',
            en: 'publicUrl is not set: of callback addresses only the path is known',
          },
          fix: {
            zh: '在 redress.yaml 设置 publicUrl（或 REDRESS_PUBLIC_URL），例如 https://redress.example.com',
            en: 'set publicUrl in redress.yaml (or REDRESS_PUBLIC_URL), such as https://redress.example.com',
          },
        },
      ]
    if (reachable.test(publicUrl)) return [publicUrl.startsWith('https:') ? good(publicUrl) : open(publicUrl)]
    return [
      {
        level: 'warn',
        what: {
          zh: `publicUrl ${publicUrl} 不是 443（https）或 80（http）端口，微信不接受`,
          en: `publicUrl ${publicUrl} is on another port than 443 (https) or 80 (http), which WeChat does not take`,
        },
        fix: {
          zh: '在反向代理上用 https 的 443 端口提供服务',
          en: 'let a reverse proxy serve it by https on port 443',
        },
      },
    ]
  },
}

const good = (url: string): Finding => ({
  level: 'ok',
  what: { zh: `平台从 ${url} 访问本服务`, en: `platforms reach this service at ${url}` },
})

const open = (url: string): Finding => ({
  level: 'warn',
  what: {
    zh: `publicUrl ${url} 不是 https：回调和处理页在路上可以被看到、被改动，微信支付也不接受`,
    en: `publicUrl ${url} is not https: callbacks and case pages can be read and changed on their way, and WeChat Pay does not take it`,
  },
  fix: {
    zh: '在反向代理上用 https 的 443 端口提供服务，并修改 publicUrl',
    en: 'let a reverse proxy serve it by https on port 443, and set publicUrl to that',
  },
})

export const callbackCheck = ofEachTenant('callbacks', async ({ storage, platforms, publicUrl = '' }, tenant) => {
  const accounts = (await listAccounts(storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  const found = await Promise.all(
    accounts.map(async (account): Promise<Finding> => {
      if (await everCalledBack(storage.reads, account.id))
        return { level: 'ok', what: { zh: `${account.name}：收到过回调`, en: `${account.name}: has called back` } }
      return neverCalled(account, platforms.get(account.platform), `${publicUrl}/hooks/${account.id}`)
    }),
  )
  return found
})

function neverCalled(account: StoredAccount, platform: Platform | undefined, url: string): Finding {
  const what = { zh: `${account.name}：还没有收到过回调`, en: `${account.name}: has never called back` }
  if (platform?.address)
    return {
      level: 'warn',
      what,
      fix: {
        zh: `地址由接口自动登记（${url}），还没有投诉时属正常；有投诉却收不到，请看回调地址的检查结果`,
        en: `the address (${url}) is registered by itself, and without complaints this is as it should be; if there are some, see what is said of the callback address`,
      },
    }
  const fields = platform?.needs.console?.(account, url) ?? []
  const typed = (tongue: keyof Both) =>
    fields.map(({ field, value }) => `${field} = ${apart(value)[tongue]}`).join('; ')
  return {
    level: 'warn',
    what,
    fix: {
      zh: `核对平台后台的设置：${typed('zh') || url}`,
      en: `check what is set in the console: ${typed('en') || url}`,
    },
  }
}

/** Nothing is said where there is none. */
export const parkedCheck = ofEachTenant('parked', async ({ storage }, { id, handle }) => {
  const parked = (await parkedCallbacks(storage.reads)).filter(({ tenant }) => tenant === id)
  const count = parked.reduce((sum, one) => sum + one.count, 0)
  if (count === 0) return []
  const command = `redress replay callback --tenant ${handle}`
  return [
    {
      level: 'bad',
      what: { zh: `${count} 条平台回调无法处理`, en: `nothing could be made of ${count} callbacks` },
      fix: {
        zh: `列出：${command}；原因在日志的 “callback parked” 里（账号被删除，或内容异常），改好后加上编号重新处理`,
        en: `list them: ${command}; "callback parked" in the log says why (the account is gone, or the message was strange); once it is mended, name one to have it worked on again`,
      },
    },
  ]
})

export const memberCheck = ofEachTenant('members', async ({ storage }, tenant) => {
  const members = (await listMembers(storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  const bound = new Set((await identitiesOf(storage.reads, tenant.id)).map(({ member }) => member))
  const unbound = members.filter(({ id }) => !bound.has(id)).map(({ handle }) => handle)
  if (members.length === 0)
    return [
      {
        level: 'warn',
        what: { zh: '还没有成员，没有人能处理投诉', en: 'there is no member: nobody can act on complaints' },
        fix: { zh: '运行 redress member add', en: 'run: redress member add' },
      },
    ]
  if (unbound.length === 0)
    return [
      { level: 'ok', what: { zh: `${members.length} 名成员均已绑定`, en: `members, all bound: ${members.length}` } },
    ]
  return [
    {
      level: 'warn',
      what: { zh: `尚未绑定聊天账号：${unbound.join('、')}`, en: `not bound to a chat: ${unbound.join(', ')}` },
      fix: {
        zh: '运行 redress member bind-code，让本人私聊机器人发送得到的口令',
        en: 'run: redress member bind-code, and let the person send the words to the bot alone',
      },
    },
  ]
})
