import type { Clock } from '../../core/clock.ts'
import { textReply } from '../../core/http.ts'
import type { Logger } from '../../core/logger.ts'
import { fetchPicture } from '../../core/picture-fetch.ts'
import type { Transport } from '../../core/transport.ts'
import { instant, type Random } from '../../core/words.ts'
import type { Platform, Tokens } from '../platform.ts'
import { parse } from './body.ts'
import { createClient } from './client.ts'
import { createDeeds } from './deeds.ts'
import { handshake } from './handshake.ts'
import { inspect } from './inspect.ts'
import { provisionalOf, snapshotOf } from './mapping.ts'
import { needs } from './needs.ts'
import { disputed } from './orders.ts'
import { standing } from './score.ts'
import { defaultLimits, type Limits } from './takes.ts'
import { tokenSource } from './tokens.ts'
import { createVerify } from './verify.ts'
import { readPush } from './wire.ts'

export interface WechatMiniParts {
  readonly transport: Transport
  readonly clock: Clock
  readonly random: Random
  readonly tokens: Tokens
  readonly logger: Logger
  /** Default https://api.weixin.qq.com */
  readonly baseUrl?: string
  readonly limits?: Partial<Limits>
  /** Most bytes of a pushed body; default 512 KiB (compatible mode sends everything about three times). */
  readonly bodyLimit?: number
  /** `host[:port]` of further places whose pictures are fetched though they are inside, as configured. */
  readonly pictureHosts?: readonly string[]
}

/** 小程序交易投诉: complaints about orders of a mini program. docs/platforms/wechat-mini.md */
export function createWechatMini(parts: WechatMiniParts): Platform {
  const { transport, clock, random, tokens, logger } = parts
  const baseUrl = (parts.baseUrl ?? 'https://api.weixin.qq.com').replace(/\/+$/, '')
  const limits = { ...defaultLimits, ...parts.limits }
  const wire = { transport, clock, random, logger, tokens, baseUrl }
  const token = tokenSource(wire)
  const client = createClient({ ...wire, token })
  const deeds = createDeeds({ client, random, limits, now: () => clock.now() })
  const verify = createVerify(parts.bodyLimit ?? 512 * 1024)
  const door = { transport, hosts: [new URL(baseUrl).host, ...(parts.pictureHosts ?? [])] }

  return {
    name: 'wechat-mini',
    needs,
    deeds: () => deeds,
    verify: async (account, request) => verify(account, request),
    reply(to) {
      if (to === 'taken') return textReply(200, 'success')
      if (to === 'refused') return textReply(403, 'refused')
      return textReply(200, to.echo)
    },
    provisional(account, told, asOf) {
      const push = readPush(parse(told) ?? {})
      return provisionalOf(push, { number: push.number ?? '', scope: account.outsideId, asOf })
    },
    async fetch({ account }, number) {
      // The time of the question: what was asked later is newer, however the answers overtake each other.
      const asOf = instant(clock.now())
      const told = await client.detail(account, number)
      return snapshotOf(told, { number, scope: account.outsideId, asOf }, { limits, settings: account.settings })
    },
    disputed: ({ account }, within) => disputed(client, account, within),
    standing: ({ account }) => standing(client, account),
    picture: (_, reference) => fetchPicture(door, reference),
    handshake,
    inspect: ({ account }) => inspect(token, account),
  }
}
