import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { listBots } from '../../storage/bots.ts'
import { everCalledBack } from '../../storage/health.ts'
import { identitiesOf, listMembers } from '../../storage/members.ts'
import { likelyMerchants } from '../../storage/merchants.ts'
import { listRooms } from '../../storage/rooms.ts'
import { listTenants, type Tenant } from '../../storage/tenants.ts'
import type { Both, Check, CheckParts, Finding } from '../doctor.ts'

type Look = (parts: CheckParts, tenant: Tenant) => Promise<readonly Finding[]>

/** Asked of every tenant; each finding names whose it is. */
export const ofEachTenant = (name: string, look: Look): Check => ({
  name,
  async run(parts) {
    const tenants = await listTenants(parts.storage.reads)
    const found = await Promise.all(
      tenants.map(async (tenant) =>
        (await look(parts, tenant)).map((finding) => ({ ...finding, what: prefixed(tenant.handle, finding.what) })),
      ),
    )
    return found.flat()
  },
})

/** Errors of platforms come as `中文 | English`. */
export function apart(message: string): Both {
  const [zh = message, en = zh] = message.split(' | ')
  return { zh, en }
}

const prefixed = (whose: string, { zh, en }: Both): Both => ({ zh: `${whose}：${zh}`, en: `${whose}: ${en}` })

export const tenantCheck: Check = {
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
  const found = await Promise.all(
    accounts.filter(({ enabled }) => enabled).map((account) => credentials(parts, account)),
  )
  return found.flat()
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
  return found.map((finding) => ({ ...finding, what: prefixed(account.name, finding.what) }))
}

/** WeChat calls back on port 80 or 443 only. */
const reachable = /^(https:\/\/[^/:]+(:443)?|http:\/\/[^/:]+(:80)?)(\/|$)/

export const addressCheck: Check = {
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
    if (reachable.test(publicUrl)) return [{ level: 'ok', what: { zh: publicUrl, en: publicUrl } }]
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

export const callbackCheck = ofEachTenant('callbacks', async ({ storage, platforms, publicUrl = '' }, tenant) => {
  const accounts = (await listAccounts(storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  const found = await Promise.all(
    accounts.map(async (account): Promise<Finding> => {
      if (await everCalledBack(storage.reads, account.id))
        return { level: 'ok', what: { zh: `${account.name}：收到过回调`, en: `${account.name}: has called back` } }
      const url = `${publicUrl}/hooks/${account.id}`
      const fields = platforms.get(account.platform)?.needs.console?.(account, url) ?? []
      const where = fields.map(({ field, value }) => `${field} = ${value}`).join('; ')
      return {
        level: 'warn',
        what: { zh: `${account.name}：还没有收到过回调`, en: `${account.name}: has never called back` },
        fix: { zh: `核对平台后台的设置：${where || url}`, en: `check what is set in the console: ${where || url}` },
      }
    }),
  )
  return found
})

export const botCheck = ofEachTenant('bots', async ({ storage, bots }, tenant) => {
  const stored = await listBots(storage.reads, tenant.id)
  if (stored.every(({ enabled }) => !enabled))
    return [
      {
        level: 'warn',
        what: { zh: '没有启用的聊天机器人', en: 'no bot is switched on' },
        fix: { zh: '运行 redress bot add', en: 'run: redress bot add' },
      },
    ]
  // Offline nothing runs, which says nothing.
  if (!bots) return []
  const rooms = await listRooms(storage.reads, tenant.id)
  const found = await Promise.all(
    stored
      .filter(({ enabled }) => enabled)
      .map(async ({ id, name }) => {
        const bot = bots.get(id)
        if (!bot) return [notRunning(name)]
        const spots = rooms.filter((room) => room.bot === id && !room.alone)
        const told = (await bot.inspect?.(spots)) ?? []
        const running: Finding = { level: 'ok', what: { zh: `${name} 运行中`, en: `${name} is running` } }
        return [running, ...told.map((finding) => ({ ...finding, what: prefixed(name, finding.what) }))]
      }),
  )
  return found.flat()
})

const notRunning = (name: string): Finding => ({
  level: 'bad',
  what: { zh: `${name} 没有运行`, en: `${name} is not running` },
  fix: {
    zh: '查看服务日志：凭据不对、网络不通，或另一个进程正在使用它',
    en: 'read the log: wrong credentials, no way to the chat, or another process holds it',
  },
})

export const roomCheck = ofEachTenant('rooms', async ({ storage }, tenant) => {
  const rooms = (await listRooms(storage.reads, tenant.id)).filter(({ alone }) => !alone)
  if (rooms.length > 0)
    return [{ level: 'ok', what: { zh: `${rooms.length} 个群`, en: `bound groups: ${rooms.length}` } }]
  return [
    {
      level: 'warn',
      what: { zh: '没有绑定群，投诉没有地方显示', en: 'no group is bound: complaints are shown nowhere' },
      fix: {
        zh: '运行 redress room code，再在群里发送得到的 /bind 口令',
        en: 'run: redress room code, then send the /bind words that it gives in the group',
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
