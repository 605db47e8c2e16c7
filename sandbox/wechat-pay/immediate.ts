import type { Problem } from './errors.ts'
import { type Check, flag, list, object, oneOf, text } from './fields.ts'
import type { Rules } from './rules.ts'

/** WeChat Pay docs, immediate reply: the block model. Each block has its type and the object of that type. */
export function readMessage(body: Readonly<Record<string, unknown>>, rules: Rules): Problem | undefined {
  const strict = rules.refuseUnknownFields
  const action = object(
    { action_type: oneOf('ACTION_TYPE_SEND_MESSAGE', 'ACTION_TYPE_JUMP_URL', 'ACTION_TYPE_JUMP_MINI_PROGRAM') },
    {
      jump_url: text(512),
      mini_program_jump_info: object({ appid: text(32) }, { path: text(512), text: text(10) }, strict),
      message_info: object({ content: text(1024) }, { custom_data: text(4096, { min: 0 }) }, strict),
      action_id: text(4096),
    },
    strict,
  )
  const invalid = object({}, { expired_time: text(64), multi_clickable: flag }, strict)
  const press = object({ text: text(1024), action }, { invalid_info: invalid }, strict)
  const kinds: Readonly<Record<string, Check>> = {
    TEXT: object({ text: text(1024) }, { color: oneOf('DEFAULT', 'SECONDARY'), is_bold: flag }, strict),
    IMAGE: object(
      { media_id: text(512) },
      { image_style_type: oneOf('IMAGE_STYLE_TYPE_NARROW', 'IMAGE_STYLE_TYPE_WIDE') },
      strict,
    ),
    LINK: press,
    FAQ_LIST: object({ faqs: list(object({ faq_id: text(64), faq_title: text(256), action }, {}, strict), 20) }),
    BUTTON: press,
    BUTTON_GROUP: object(
      { buttons: list(press, 10) },
      { button_layout: oneOf('LAYOUT_UNKNOWN', 'LAYOUT_HORIZONTAL', 'LAYOUT_VERTICAL'), invalid_info: invalid },
      strict,
    ),
  }
  const block: Check = (value, at) => {
    const type = String((value as { type?: unknown } | null)?.type)
    const check = kinds[type]
    const known = { type: oneOf(...Object.keys(kinds)) }
    return check ? object({ ...known, [type.toLowerCase()]: check }, {}, strict)(value, at) : object(known)(value, at)
  }
  const message = object(
    {
      blocks: list(block, 20),
      sender_identity: oneOf('UNKNOWN', 'MANUAL', 'MACHINE'),
      custom_data: text(4096, { min: 0 }),
    },
    {},
    strict,
  )
  return object({ complainted_mchid: text(64), message, idempotent_id: text(128) }, {}, strict)(body, '')
}
