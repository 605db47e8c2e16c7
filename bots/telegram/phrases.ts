/** What the bot says by itself, before it is known who listens: in both languages. */
export const phrases = {
  slow: '处理中，结果稍后显示\nWorking on it; the outcome follows',
  trouble: '我们这边出了点问题，请稍后再试\nSomething went wrong on our side; try again in a while',
  anonymous:
    '匿名管理员不能操作：请先关闭“保持匿名”，再以本人身份发送\nAnonymous admins cannot act: switch "Remain anonymous" off and send it as yourself',
  /** Begins every question, so that an answer to one is known as such even by a process that did not ask it. */
  question: '❓ ',
} as const

const beside = {
  zh: { offers: '可以直接选一个模板：', copy: '点按可复制：', cancel: '不答了：发送 /cancel' },
  en: { offers: 'Or choose a template:', copy: 'Tap to copy:', cancel: 'To drop this: /cancel' },
} as const

/** What stands beside the app's own words speaks their language. */
export const phrasesBeside = (words: string) => (/\p{Script=Han}/u.test(words) ? beside.zh : beside.en)
