/** What the bot says by itself, before it is known who listens: in both languages. */
export const phrases = {
  trouble: '我们这边出了点问题，请稍后再试 / Something went wrong on our side; try again in a while',
} as const

const beside = {
  zh: {
    refresh: '刷新',
    more: '更多',
    slow: '正在处理，请稍后点“刷新”',
    choose: '请先在下拉框里选一项，再点“使用所选”',
    use: '使用所选',
    cancel: '取消',
    offers: '常用回复',
    suggested: '可参考',
    answer: ({ minutes, at, pictures }: How) =>
      `请在 ${minutes} 分钟内${at ? ` ${at} ` : ''}发送内容${pictures ? '（可带图片）' : ''}`,
    us: '@我',
  },
  en: {
    refresh: 'Refresh',
    more: 'More',
    slow: 'Working on it; press Refresh in a moment',
    choose: 'Choose one in the list first, then press "Use it"',
    use: 'Use it',
    cancel: 'Cancel',
    offers: 'Ready answers',
    suggested: 'For example',
    answer: ({ minutes, at, pictures }: How) =>
      `Send it within ${minutes} minutes${at ? `, with ${at}` : ''}${pictures ? ' (pictures welcome)' : ''}`,
    us: '@ me',
  },
} as const

interface How {
  readonly minutes: number
  /** How the bot is named in a group; alone it need not be. */
  readonly at: string | undefined
  readonly pictures: boolean
}

/** What stands beside the app's own words speaks their language. */
export const phrasesBeside = (words: string) => (/\p{Script=Han}/u.test(words) ? beside.zh : beside.en)
