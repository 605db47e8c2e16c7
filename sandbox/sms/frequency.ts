import { type Core, dayOf } from './core.ts'

/** Why this number gets no further message now (notifications.md §1.4). */
export function tooOften(
  { store, rules: said, clock }: Core,
  { sdkAppId, phone, text }: { sdkAppId: string; phone: string; text: string },
): string | undefined {
  const rules = said()
  const now = clock.now()
  const today = store.all().filter(({ at }) => dayOf(at) === dayOf(now))
  const own = store.all().filter((one) => one.phone === phone && one.sdkAppId === sdkAppId)
  const ownToday = own.filter(({ at }) => dayOf(at) === dayOf(now))
  const reached = (limit: number, count: number) => limit > 0 && count >= limit
  if (own.some((one) => one.text === text && now - one.at < rules.sameContentMs))
    return 'LimitExceeded.PhoneNumberThirtySecondLimit'
  if (reached(rules.perHour, own.filter(({ at }) => now - at < 3_600_000).length))
    return 'LimitExceeded.PhoneNumberOneHourLimit'
  if (reached(rules.sameContentPerDay, ownToday.filter((one) => one.text === text).length))
    return 'LimitExceeded.PhoneNumberSameContentDailyLimit'
  if (reached(rules.perDay, ownToday.length)) return 'LimitExceeded.PhoneNumberDailyLimit'
  if (reached(rules.carrierPerDay, today.filter((one) => one.phone === phone).length))
    return 'LimitExceeded.DeliveryFrequencyLimit'
  const ofApp = today.filter((one) => one.sdkAppId === sdkAppId).length
  return reached(rules.appPerDay, ofApp) ? 'LimitExceeded.AppDailyLimit' : undefined
}
