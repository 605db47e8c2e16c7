import type { Language } from '../storage/tenants.ts'

/** Words that only the page says; all others are the chat's. */
const words = {
  'open.title': ['打开处理页', 'Open the page'],
  'open.what': [
    '这个链接只给你本人用，打开一次后失效。打开后一小时内可以在这个浏览器里查看和处理。',
    'This link is yours alone and works once. In this browser you can then look and act for an hour.',
  ],
  'open.button': ['打开', 'Open'],
  story: ['经过', 'What happened'],
  'story.none': ['还没有', 'Nothing yet'],
  facts: ['详情', 'Detail'],
  moves: ['现在可以', 'What you can do'],
  'moves.none': ['现在没有要你做的', 'There is nothing for you to do now'],
  'moves.guest': [
    '处理请在群里点卡片上的按钮；或私聊机器人发送 {example}，取你自己的处理页',
    'To act, press the buttons of the card in the group; or send the bot {example} in a private chat for a page of your own',
  ],
  pictures: ['投诉图片', 'Pictures of the complaint'],
  'picture.n': ['第 {n} 张图片', 'Picture {n}'],
  refundable: ['可退金额', 'Left to give back'],
  'refundable.away': ['付款的账号暂时没有答复', 'The account that was paid does not answer now'],
  reveal: [
    '联系方式：私聊机器人发送 {example}，会留下记录',
    'Phone: send the bot {example} in a private chat; it is kept on record',
  ],
  note: ['备注（只有团队看得到）', 'Note (only the team sees it)'],
  'note.button': ['记下', 'Keep it'],
  upload: ['补充图片', 'Bring pictures'],
  'upload.how': [
    '最多 {most} 张。图片先放在这里，群里的成员点「收下」后才算数。',
    'At most {most}. They wait here, and count once a member takes them in the group.',
  ],
  'upload.button': ['上传', 'Upload'],
  'upload.done': [
    '已放好 {count} 张图片；群里有人收下后才算数',
    '{count} picture(s) are here; they count once a member takes them in the group',
  ],
  'upload.none': ['请先选择图片', 'Choose pictures first'],
  'upload.many': ['一次最多 {most} 张', 'At most {most} at a time'],
  'upload.full': [
    '这一单今天收到的图片太多了；请在群里回复卡片发送',
    'Too many were brought for this complaint today; send them in the group, in answer to the card',
  ],
  file: ['选择图片', 'Choose pictures'],
  'file.chosen': ['{count} 张', '{count} chosen'],
  answer: ['提交', 'Submit'],
  cancel: ['取消', 'Cancel'],
  templates: ['模板', 'Templates'],
  twice: ['这一步已经提交过了；下面是现在的情况', 'That was sent already; this is how things stand'],
  refresh: ['刷新', 'Refresh'],
  disabled: ['账号已停用，现在不能处理', 'The account is disabled: nothing can be done now'],
  'by.us': ['我方', 'Us'],
  signed: ['{name}（{role}）· {until} 前有效', '{name} ({role}) · until {until}'],
  guest: ['只读 · 请勿外传', 'Read only · keep it to the team'],
} as const satisfies Record<string, readonly [zh: string, en: string]>

export type Word = keyof typeof words

export function word(language: Language, key: Word, params: Readonly<Record<string, string | number>> = {}): string {
  return words[key][language === 'en' ? 1 : 0].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(params[name] ?? whole),
  )
}

export const everyWord = Object.keys(words) as readonly string[] as readonly Word[]
