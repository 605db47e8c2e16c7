import { OutsideError } from '../../core/errors.ts'
import type { Incoming, Transport } from '../../core/transport.ts'
import type { Platform } from '../../platforms/platform.ts'
import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { type CheckParts, type Finding, ofEach } from '../doctor.ts'
import { apart, ofEachTenant } from './tenants.ts'

/**
 * Asks each callback address as the platform would: through publicUrl, whatever stands in front of us, and back. Where a platform tries an
 * address with a signed question, so do we, which shows that the running service has the same token.
 */
export const reachCheck = (transport: Transport) =>
  ofEachTenant('reach', async (parts, tenant) => {
    const { publicUrl, bots, storage } = parts
    // Without a service nobody would answer; without an address another check says so.
    if (publicUrl === undefined || !bots) return []
    const accounts = (await listAccounts(storage.reads, tenant.id)).filter(({ enabled }) => enabled)
    return ofEach(parts, accounts, (account) => asked(transport, parts, { account, publicUrl }))
  })

async function asked(
  transport: Transport,
  { platforms, storage, patience }: CheckParts,
  { account, publicUrl }: { readonly account: StoredAccount; readonly publicUrl: string },
): Promise<readonly Finding[]> {
  const platform = platforms.get(account.platform)
  if (!platform) return []
  const url = `${publicUrl}/hooks/${account.id}`
  const trial = platform.handshake?.(account, storage.reads)
  try {
    const answer = await transport.send({
      method: 'GET',
      url: trial ? `${url}?${trial.query}` : url,
      ...(patience === undefined ? {} : { timeout: patience }),
      limit: 64 * 1024,
    })
    return [judged(account, { answer, url, platform, ...(trial ? { echo: trial.echo } : {}) })]
  } catch (error) {
    if (error instanceof OutsideError) return [unreachable(account, url, error.message)]
    throw error
  }
}

interface Answered {
  readonly answer: Incoming
  readonly url: string
  readonly platform: Platform
  readonly echo?: string
}

function judged({ name }: StoredAccount, { answer, url, platform, echo }: Answered): Finding {
  const said = answer.body.toString('utf8')
  const is = (reply: ReturnType<Platform['reply']>) => reply.status === answer.status && String(reply.body) === said
  if (echo !== undefined && is(platform.reply({ echo })))
    return {
      level: 'ok',
      what: {
        zh: `${name}：回调地址可达，Token 校验通过`,
        en: `${name}: the callback address is reached, and its token agrees`,
      },
    }
  // Nothing that is not signed is believed; that it was refused in our words shows that it arrived.
  const refused = is(platform.reply('refused'))
  if (echo === undefined && refused)
    return { level: 'ok', what: { zh: `${name}：回调地址可达`, en: `${name}: the callback address is reached` } }
  return refused ? otherToken(name, url) : somebodyElse(name, { url, status: answer.status })
}

const otherToken = (name: string, url: string): Finding => ({
  level: 'bad',
  what: {
    zh: `${name}：${url} 上的服务不认此处的 Token，那里运行的可能是另一个副本`,
    en: `${name}: the service at ${url} does not take the token of this one: it may be another copy`,
  },
  fix: {
    zh: '确认 publicUrl 指向本服务；只留一个在运行，或重启它',
    en: 'see that publicUrl leads to this service; run only one of them, or restart it',
  },
})

const somebodyElse = (name: string, { url, status }: { readonly url: string; readonly status: number }): Finding => ({
  level: 'bad',
  what: {
    zh: `${name}：${url} 回答了 ${status}，不是本服务的回答`,
    en: `${name}: ${url} answered ${status}, which is not this service's answer`,
  },
  fix: {
    zh: '让反向代理把 /hooks/ 原样转给本服务（不跳转、不改路径、不要求登录），并核对 publicUrl',
    en: 'let the reverse proxy pass /hooks/ on to this service as it is (no redirect, no other path, no login), and check publicUrl',
  },
})

function unreachable(account: StoredAccount, url: string, message: string): Finding {
  const why = apart(message)
  return {
    level: 'warn',
    what: {
      zh: `${account.name}：从本机访问不到 ${url}（${why.zh}）`,
      en: `${account.name}: ${url} is not reached from this machine (${why.en})`,
    },
    fix: {
      zh: '从外面的网络访问一次这个地址：有回答就没有问题；没有回答，请检查域名解析、证书、防火墙和反向代理',
      en: 'try the address from another network: if it answers there, all is well; if not, check the name, the certificate, the firewall and the reverse proxy',
    },
  }
}
