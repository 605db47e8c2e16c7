import type { Finding, Spot } from '../../src/chat/chat.ts'
import { type OutsideError, told } from '../../src/core/errors.ts'
import { looksLikeKey } from './settings.ts'

/** What can be said without writing into the group: a webhook has nothing that could be asked. */
export function inspect(about: {
  readonly key: string
  readonly spots: readonly Spot[]
  /** Of the last message, if it did not go through. */
  readonly failed: OutsideError | undefined
}): readonly Finding[] {
  const { key, spots, failed } = about
  return [
    {
      level: 'ok',
      what: {
        zh: '只推送：这个群里没有人能操作，处理投诉还需要一个能听到命令的群',
        en: 'it only pushes: nobody can act in that group, and another group is needed for that',
      },
    },
    ...(spots.length > 0 ? [] : [unbound]),
    ...(looksLikeKey(key) ? [] : [oddKey]),
    ...(failed ? [lastFailed(failed)] : []),
  ]
}

const unbound: Finding = {
  level: 'bad',
  what: { zh: '还没有群：什么都不会推送', en: 'it has no room: nothing is pushed' },
  fix: { zh: '运行 redress room add --bot … --title …', en: 'run: redress room add --bot … --title …' },
}

const oddKey: Finding = {
  level: 'warn',
  what: { zh: 'key 看起来不像企业微信的', en: 'the key does not look like one of WeCom' },
  fix: {
    zh: '在群里重新复制整个 Webhook 地址（群设置 → 消息推送）',
    en: 'copy the whole webhook address in the group again (群设置 → 消息推送)',
  },
}

const lastFailed = (error: OutsideError): Finding => ({
  level: error.trouble === 'busy' ? 'warn' : 'bad',
  what: { zh: `上一条消息没有发出：${told(error)}`, en: `the last message did not go through: ${told(error)}` },
  fix:
    error.trouble === 'forbidden'
      ? {
          zh: '重新复制 Webhook 地址（群设置 → 消息推送），或新建一个，再重新添加',
          en: 'copy the webhook address again (群设置 → 消息推送), or make a new one, and add it anew',
        }
      : { zh: '会自动重试', en: 'it is tried again by itself' },
})
