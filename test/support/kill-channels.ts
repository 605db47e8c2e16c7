import { createChannel } from '../../src/storage/channels.ts'
import type { Database } from '../../src/storage/open.ts'
import { createRecipient } from '../../src/storage/recipients.ts'
import type { Tenant } from '../../src/storage/tenants.ts'
import { appid, given, type KindName, playOutside } from './channels.ts'
import { type Pace, scaledClock } from './kill-clock.ts'

/** A way to one person beside the chat, for a service that dies. */
export interface KillChannel extends Pick<Awaited<ReturnType<typeof playOutside>>, 'mail' | 'official' | 'sms'> {
  readonly kind: KindName
  /** What the service is told. */
  readonly places: { readonly ca: string; readonly official: string; readonly sms: string }
  join(storage: Database, tenant: Tenant): Promise<void>
  close(): Promise<void>
}

const quick = { mergeSeconds: 0, gapSeconds: 0 }

export async function killChannel(kind: KindName, pace: Pace): Promise<KillChannel> {
  const outside = await playOutside(scaledClock(pace), { tickMs: 20 })
  const { mail, official, sms, served } = outside
  // Limits are another story.
  sms.setRules({ sameContentMs: 0, perDay: 0, carrierPerDay: 0 })
  const { openid } = official.person(appid, '小李')
  official.follow(openid)
  const { settings, secrets } = given(outside)[kind]
  const more = {
    email: { perHour: 1_000, perDay: 1_000 },
    sms: { perRecipientDay: 100, recipientGapSeconds: 0 },
    // By it a complaint is known again.
    'official-account': { map: { ...given(outside)['official-account'].settings.map, character_string1: 'case' } },
  }[kind]
  const address = { email: 'li@example.com', sms: '+8613800000000', 'official-account': openid }[kind]
  return {
    ...{ kind, mail, official, sms },
    places: { ca: mail.certificate, official: served.official.url, sms: served.sms.url },
    join: (storage, { id: tenant }) =>
      storage.transaction(async (tx) => {
        const wish = { tenant, kind, name: kind, enabled: true, settings: { ...settings, ...quick, ...more }, secrets }
        const channel = await createChannel(tx, wish)
        if (!channel) throw new Error('no channel')
        await createRecipient(tx, {
          tenant,
          channel: channel.id,
          address,
          label: '小李',
          wants: ['new'],
          enabled: true,
        })
      }),
    close: outside.close,
  }
}
