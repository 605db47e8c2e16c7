import type { Finding, Spot } from '../../src/chat/chat.ts'
import type { State } from './link.ts'
import type { Settings } from './settings.ts'

type Both = Finding['what']

/** What a person may have set wrongly; WeCom can be asked nothing about groups. */
export function inspect(state: State, { name }: Pick<Settings, 'name'>, spots: readonly Spot[]): readonly Finding[] {
  return [connection(state), ...nameOf(name), ...groups(spots)]
}

function connection(state: State): Finding {
  switch (state) {
    case 'up':
      return { level: 'ok', what: { zh: '已连接企业微信', en: 'connected to WeCom' } }
    case 'down':
      return bad(
        { zh: '没有连上企业微信，正在重试', en: 'WeCom is not reached; it is tried again' },
        {
          zh: '检查本机能否访问 openws.work.weixin.qq.com:443（或 settings.url）',
          en: 'check that this machine reaches openws.work.weixin.qq.com:443 (or settings.url)',
        },
      )
    case 'taken':
      return bad(
        { zh: '另一个程序用同一个机器人连上了企业微信', en: 'another process has connected with this bot' },
        {
          zh: '一个机器人只能有一个长连接：停掉另一处，然后停用再启用这个机器人',
          en: 'a bot has one long connection only: stop the other one, then switch this bot off and on',
        },
      )
    case 'refused':
      return bad(
        { zh: '企业微信不认这个 Bot ID 和 Secret', en: 'WeCom does not know this Bot ID and Secret' },
        {
          zh: '在 安全与管理 → 管理工具 → 智能机器人 里重新复制（API 模式，长连接）',
          en: 'copy them anew: 安全与管理 → 管理工具 → 智能机器人 (API mode, long connection)',
        },
      )
  }
}

const nameOf = (name: string | undefined): readonly Finding[] =>
  name === undefined
    ? [
        {
          level: 'warn',
          what: {
            zh: '没有填机器人名称：名称里有空格时，群里 @ 之后的话可能多出半个名字',
            en: "the bot's name is not given: if it holds blanks, a part of it may stay in what is said after the @",
          },
          fix: { zh: '把 settings.name 设为群里 @ 后面显示的名称', en: 'set settings.name to what stands after the @' },
        },
      ]
    : []

const groups = (spots: readonly Spot[]): readonly Finding[] =>
  spots.length === 0
    ? [
        {
          level: 'warn',
          what: { zh: '还没有绑定任何群', en: 'no group is bound yet' },
          fix: {
            zh: '把机器人拉进内部群，在群里 @它 发送 /bind 绑定码',
            en: 'add the bot to an internal group and send it /bind CODE there, with an @',
          },
        },
      ]
    : []

const bad = (what: Both, fix: Both): Finding => ({ level: 'bad', what, fix })
