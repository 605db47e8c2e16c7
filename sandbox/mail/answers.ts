/** One reply of the server; `cut`: the connection breaks instead. */
export type Answer = Reply | 'cut'

export interface Reply {
  readonly code: number
  readonly text: string
}

/** What 163 says, by a short name (notifications.md §2.3). */
export const refusals = {
  'wrong-code': { code: 535, text: 'Error: authentication failed' },
  'too-many-logins': { code: 451, text: 'Error: too much fail authentication, please try again later' },
  'no-permission': { code: 550, text: 'User has no permission' },
  suspended: { code: 550, text: 'User suspended' },
  'not-the-account': { code: 553, text: 'Mail from must equal authorized user' },
  'no-such-user': { code: 550, text: 'User not found' },
  'DT:SPM': { code: 554, text: 'DT:SPM' },
  'DT:SPM-soft': { code: 451, text: 'DT:SPM' },
  'MI:SFQ': { code: 451, text: 'MI:SFQ' },
  'MI:DMC': { code: 450, text: 'MI:DMC' },
  'RP:DRC': { code: 450, text: 'RP:DRC' },
  'RP:QRC': { code: 451, text: 'RP:QRC' },
  'RP:TRC': { code: 550, text: 'RP:TRC' },
  'RP:RCL': { code: 550, text: 'RP:RCL' },
  'MI:STC': { code: 554, text: 'MI:STC' },
  'HL:REP': { code: 421, text: 'HL:REP' },
  'HL:ICC': { code: 421, text: 'HL:ICC' },
  'DT:RBL': { code: 450, text: 'DT:RBL' },
  greylisted: { code: 450, text: 'Greylisted, please try again later' },
  'too-big': { code: 552, text: 'Error: message exceeds fixed maximum message size' },
  'no-login': { code: 553, text: 'authentication is required' },
} as const satisfies Readonly<Record<string, Reply>>

export type RefusalName = keyof typeof refusals

const host = 'smtp10'

/** As it is sent: a code of letters comes with the server, an id and a link that says what was wrong. */
export function refusal(name: RefusalName, about: { now: number; id: string; address: string }): Reply {
  const { code, text } = refusals[name]
  if (!/^[A-Z]{2}:[A-Z]{3}$/.test(text)) return { code, text }
  const seconds = Math.floor(about.now / 1000)
  const page = text === 'DT:SPM' ? 'help_spam_16.htm' : 'help_spam_20022.htm'
  const link = `http://mail.163.com/help/${page}?ip=${about.address}&hostid=${host}&time=${seconds}`
  return { code, text: `${text} 163 ${host},${about.id},${seconds} ${link}` }
}
