import { isProblem, type Problem, refuse } from './errors.ts'
import { callbackUrl, object } from './fields.ts'
import type { Ledger } from './ledger.ts'
import type { Merchant } from './merchant.ts'
import type { Rules } from './rules.ts'

type Done = Readonly<Record<string, unknown>> | Problem

/** WeChat Pay docs, complaint notify URL: one for each merchant number; a provider's hears of all its sub-merchants. */
export interface NotifyUrls {
  of(merchant: Merchant): string | undefined
  create(merchant: Merchant, body: unknown): Done
  show(merchant: Merchant): Done
  update(merchant: Merchant, body: unknown): Done
  remove(merchant: Merchant): Problem | undefined
}

export function createNotifyUrls(options: {
  readonly merchants: readonly Merchant[]
  readonly rules: Rules
  readonly ledger: Ledger
}): NotifyUrls {
  const { rules, ledger } = options
  const urls = new Map<string, string>()
  for (const { mchid, notifyUrl } of options.merchants) if (notifyUrl) urls.set(mchid, notifyUrl)
  const none = (): Problem => ({ ...refuse('RESOURCE_NOT_EXISTS', '通知地址不存在'), status: rules.notifyMissing })

  function set({ mchid }: Merchant, body: unknown): Done {
    const wrong = object({ url: callbackUrl(255) }, {}, rules.refuseUnknownFields)(body, '')
    if (wrong) return wrong
    const { url } = body as { url: string }
    urls.set(mchid, url)
    ledger.add({ mchid, by: 'merchant', what: 'notify-url', text: url })
    return { mchid, url }
  }

  function show({ mchid }: Merchant): Done {
    const url = urls.get(mchid)
    return url === undefined ? none() : { mchid, url }
  }

  return {
    of: ({ mchid }) => urls.get(mchid),
    show,
    create(merchant, body) {
      const twice = urls.has(merchant.mchid) && rules.notifyTwice === 'refuse'
      return twice ? refuse('INVALID_REQUEST', '通知地址已存在') : set(merchant, body)
    },
    update(merchant, body) {
      const there = show(merchant)
      return isProblem(there) ? there : set(merchant, body)
    },
    remove(merchant) {
      if (!urls.delete(merchant.mchid)) return none()
      ledger.add({ mchid: merchant.mchid, by: 'merchant', what: 'notify-url', text: '' })
      return undefined
    },
  }
}
