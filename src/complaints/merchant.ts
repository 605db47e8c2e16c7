interface Switched {
  readonly enabled: boolean
}

interface Seated {
  readonly account: Switched
  readonly merchant?: Switched
}

interface Giving {
  readonly account: { readonly settings: Readonly<Record<string, unknown>> }
  readonly merchant?: { readonly autoRefund: boolean }
}

/** Whether rules may give money back: the account's switch, and the merchant's own where there is one. */
export const mayRefundAlone = ({ account, merchant }: Giving): boolean =>
  account.settings.autoRefund === true && merchant?.autoRefund !== false

/** Whether anything is posted, notified, done: a merchant is on only if its account is. */
export const isOn = ({ account, merchant = account }: Seated): boolean => account.enabled && merchant.enabled
