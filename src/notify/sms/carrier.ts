import { both } from '../texts.ts'

type Entry = readonly [pattern: RegExp, zh: string, en: string]

// Carriers have words of their own, and nobody lists all of them: the first that fits.
const entries: readonly Entry[] = [
  [
    /^EXPIRED/i,
    '手机长时间关机或没有信号，短信已过期：请确认号码能收短信后重试',
    'the phone was off or had no signal for too long: see that it gets messages, then try again',
  ],
  [
    /^REJECTD?|BLACK|SENS/i,
    '运营商拦截了短信（内容或号码被限制）：请换一个号码，或联系腾讯云短信客服',
    'the carrier holds such messages back: use another number, or ask the support of Tencent Cloud SMS',
  ],
  [
    /^M[KN]:/i,
    '号码暂时收不到短信（空号、停机、关机或没有信号）：请核对号码后重试',
    'the number gets no messages (unused, suspended, off or without signal): check the number, then try again',
  ],
  [
    /^(?:UNDELIV|DELETED|UNKNOWN|ACCEPTD)/i,
    '运营商没有送达：请核对号码后重试',
    'the carrier could not deliver it: check the number, then try again',
  ],
]

/** Why a message that was taken did not arrive, in the carrier's word and ours. */
export function carrierMeans(code: string): string {
  const [, zh, en] = entries.find(([pattern]) => pattern.test(code)) ?? [
    undefined,
    '短信已提交，运营商报告没有送达：请核对号码后重试；多次失败请联系腾讯云短信客服',
    'it was handed over, and the carrier reports that it did not arrive: check the number and try again; if it goes on, ask the support of Tencent Cloud SMS',
  ]
  const shown = code.replace(/[^\x21-\x7e]/g, '').slice(0, 40)
  return shown === '' ? both(zh, en) : `${both(zh, en)} [${shown}]`
}
