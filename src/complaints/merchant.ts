interface Switched {
  readonly enabled: boolean
}

/** Whether anything is posted, notified, automated: a merchant is on only if its account is. */
export const isOn = (account: Switched, merchant: Switched = account): boolean => account.enabled && merchant.enabled
