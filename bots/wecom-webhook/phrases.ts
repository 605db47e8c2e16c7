const words = {
  zh: {
    act: (n: string) => `本群只接收消息。要处理，请到处理群发送 /show ${n}`,
    elsewhere: '本群只接收消息。要处理，请到处理群',
  },
  en: {
    act: (n: string) => `This group only receives. To act, send /show ${n} in the group that handles complaints`,
    elsewhere: 'This group only receives. To act, go to the group that handles complaints',
  },
} as const

/** Where a card can be acted on whose buttons nobody sees; in the language of these words of ours. */
export function whereToAct(ours: string, number: string | undefined): string {
  const { act, elsewhere } = words[/\p{Script=Han}/u.test(ours) ? 'zh' : 'en']
  return number === undefined ? elsewhere : act(number)
}

/** What stands before or instead of pictures, where the language of the room is not known. */
export const phrases = {
  pictures: (n: string) => `#${n} 的图片 | pictures of #${n}`,
  leftOut: (count: number, n: string | undefined) =>
    [
      `${n === undefined ? '' : `#${n} `}有 ${count} 张图片这里发不出（太大或格式不支持），请到处理群查看`,
      `${count} picture(s) cannot be shown here (too large, or of another type): see the group that handles complaints`,
    ].join('\n'),
} as const
