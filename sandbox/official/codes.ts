import type { Clock } from '../../src/core/clock.ts'
import type { Body } from '../desk.ts'
import { isObject } from '../wire.ts'
import { type Refusal, refuse } from './errors.ts'
import type { Random, SceneCode } from './official.ts'
import type { Rules } from './rules.ts'

export interface Codes {
  /** qrcode/create, notifications.md §3.2. */
  create(appid: string, body: Body): { readonly code: SceneCode; readonly seconds?: number } | Refusal
  /** By ticket or url, when it is good still. */
  good(code: string): SceneCode | undefined
  /** By ticket, good or void. */
  find(code: string): SceneCode | undefined
  all(): readonly SceneCode[]
}

export function createCodes({ clock, random, rules }: { clock: Clock; random: Random; rules: Rules }): Codes {
  const codes: SceneCode[] = []
  const find = (code: string) => codes.find(({ ticket, url }) => ticket === code || url === code)
  return {
    create(appid, body) {
      const { action_name: name, action_info: info } = body
      const kind = typeof name === 'string' ? /^QR_(LIMIT_)?(STR_)?SCENE$/.exec(name) : undefined
      if (!kind) return refuse(40052)
      const scene = sceneOf(isObject(info) ? info.scene : undefined, { text: kind[2] !== undefined, rules })
      const seconds = body.expire_seconds ?? rules.codeSeconds
      const permanent = kind[1] !== undefined
      const lasts = Number.isInteger(seconds) && Number(seconds) > 0 && Number(seconds) <= rules.maxCodeSeconds
      if (scene === undefined || !(permanent || lasts)) return refuse(40053)
      const lasting = codes.filter((one) => one.appid === appid && one.until === undefined)
      if (permanent && lasting.length >= rules.permanentCodes) return refuse(45029)
      const madeAt = clock.now()
      const ticket = `gQ${random(64).toString('base64')}`
      const url = `http://weixin.qq.com/q/02${random(24).toString('base64url')}`
      const code: SceneCode = {
        appid,
        ticket,
        url,
        scene,
        madeAt,
        ...(permanent ? {} : { until: madeAt + Number(seconds) * 1000 }),
      }
      codes.push(code)
      return { code, ...(permanent ? {} : { seconds: Number(seconds) }) }
    },
    good(code) {
      const found = find(code)
      return found && (found.until === undefined || clock.now() < found.until) ? found : undefined
    },
    find,
    all: () => [...codes],
  }
}

/** Without the level `scene` the event's key is 0. */
function sceneOf(scene: unknown, { text, rules }: { text: boolean; rules: Rules }): string | undefined {
  if (scene === undefined) return '0'
  if (!isObject(scene)) return undefined
  const { scene_str: words, scene_id: id } = scene
  if (!text) return Number.isInteger(id) && Number(id) > 0 && Number(id) < 2 ** 32 ? String(id) : undefined
  return typeof words === 'string' && words.length >= 1 && words.length <= rules.maxScene ? words : undefined
}
