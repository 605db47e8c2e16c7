import { asId } from '../../core/words.ts'
import type { Account } from '../../platforms/platform.ts'
import type { StoredChannel } from '../../storage/channels.ts'
import { officialSettings } from './settings.ts'

/** A service account speaks to WeChat as a mini program does: the same tokens, the same signatures, its own credentials. */
export const accountOf = ({ id, tenant, name, enabled, settings, secrets }: StoredChannel): Account => ({
  // Its token is kept under the channel's id.
  id: asId(id),
  tenant,
  platform: 'wechat-mini',
  name,
  outsideId: officialSettings(settings).appid,
  enabled,
  settings: { mode: 'safe' },
  secrets,
})
