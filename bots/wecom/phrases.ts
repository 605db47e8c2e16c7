/** What the bot says by itself, before it is known who listens: in both languages. */
export const phrases = {
  trouble: '我们这边出了点问题，请稍后再试\nSomething went wrong on our side; try again in a while',
  slow: '正在处理，请稍后点“刷新”\nWorking on it; press Refresh in a moment',
  choose: '请先在下拉框里选一项，再点“使用所选”\nChoose one in the list first, then press "Use it"',
} as const

const beside = {
  zh: {
    refresh: '刷新',
    more: '更多',
    use: '使用所选',
    cancel: '取消',
    offers: '常用回复',
    suggested: '可参考',
    answer: ({ minutes, at, pictures }: How) =>
      `请在 ${minutes} 分钟内${at ? ` ${at} ` : ''}发送内容${pictures ? '（可带图片）' : ''}`,
    us: '@我',
    to: (name: string, words: string) => `${name}：${words}`,
  },
  en: {
    refresh: 'Refresh',
    more: 'More',
    use: 'Use it',
    cancel: 'Cancel',
    offers: 'Ready answers',
    suggested: 'For example',
    answer: ({ minutes, at, pictures }: How) =>
      `Send it within ${minutes} min${at ? `, with ${at}` : ''}${pictures ? ' (pictures welcome)' : ''}`,
    us: '@ me',
    to: (name: string, words: string) => `${name}: ${words}`,
  },
} as const

interface How {
  readonly minutes: number
  /** How the bot is named in a group; alone it need not be. */
  readonly at: string | undefined
  readonly pictures: boolean
}

/** What stands beside the app's own words speaks their language; shops and people in it may have names of the other. */
export function phrasesBeside(words: string) {
  const [zh, en] = [/\p{Script=Han}/gu, /\p{Script=Latin}+/gu].map((one) => words.match(one)?.length ?? 0)
  return (zh ?? 0) > (en ?? 0) ? beside.zh : beside.en
}
