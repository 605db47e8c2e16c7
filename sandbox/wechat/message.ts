import type { Complaint } from './complaint.ts'
import type { PushShape } from './misbehave.ts'

/** One complaint as the platform tells it, before it becomes JSON or XML. */
export interface Message {
  readonly to: string
  readonly from: string
  /** Unix seconds of the event. */
  readonly createTime: number
  readonly event: string
  readonly fields: Readonly<Record<string, string>>
  readonly history: readonly Note[]
}

interface Note {
  readonly time: string
  readonly content: string
  readonly media: readonly string[]
}

/** WeChat docs, complaint_callback. */
export function complaintMessage(about: {
  readonly complaint: Complaint
  readonly ghId: string
  readonly appid: string
  readonly option: string
  readonly at: number
  readonly show: (sha256: string) => string
}): Message {
  const c = about.complaint
  return {
    to: about.ghId,
    from: c.openid,
    createTime: about.at,
    event: 'complaint_callback',
    fields: {
      appid: about.appid,
      option_type: about.option,
      complaint_order_id: String(c.id),
      status: String(c.status),
      create_time: String(c.createdAt),
      expire_time: String(c.expiresAt),
      type: String(c.type),
      order_id: `payorder@_${c.transactionId}`,
      out_trade_no: c.outTradeNo,
      phone_number: c.phone,
      open_id: c.openid,
      customer_material_content: c.text,
      // One text, the addresses joined by commas.
      customer_material_media_id_list: c.photos.map(about.show).join(','),
      pay_time: String(c.paidAt),
      total_cost: String(c.amount),
      product_name: c.product,
    },
    history: c.items.map((item) => ({
      time: String(item.time),
      content: item.content ?? '',
      media: (item.photos ?? []).map(about.show),
    })),
  }
}

/** An event that is not about complaints. WeChat docs, 差评. */
export const otherMessage = (message: Message): Message => ({
  ...message,
  event: 'wxa_comment_bad_score',
  fields: {},
  history: [],
})

const head = (message: Message, shape?: PushShape) => ({
  ToUserName: message.to,
  FromUserName: message.from,
  CreateTime: message.createTime,
  MsgType: 'event',
  Event: shape === 'event-space' ? message.event.replace('_', ' ') : message.event,
})

// Seen in real JSON pushes, contrary to the docs: flat, numbers as strings, no customer_material_content,
// history an object when there is one entry and an array when there are several.
export function jsonFields(message: Message, shape?: PushShape): Record<string, unknown> {
  if (message.event !== 'complaint_callback') return { ...head(message), result: { comment_id: '800012' } }
  const fields: Record<string, unknown> = { ...message.fields }
  if (shape !== 'content-in-json') delete fields.customer_material_content
  if (shape === 'numbers') {
    for (const name of numeric) fields[name] = Number(message.fields[name])
  }
  const notes = message.history.map(({ time, content, media }) => ({ time, content, media_id_list: media }))
  const history = notes.length === 1 && shape !== 'history-array' ? notes[0] : notes
  const body = { ...fields, history }
  return { ...head(message, shape), ...(shape === 'wrapped-json' ? { BussiCallBackInfo: body } : body) }
}

const numeric = [
  'option_type',
  'complaint_order_id',
  'status',
  'create_time',
  'expire_time',
  'type',
  'phone_number',
  'pay_time',
  'total_cost',
]

// WeChat docs, complaint_callback: the fields stand inside BussiCallBackInfo; history and media_id_list repeat.
export function xmlFields(message: Message, shape?: PushShape): string {
  const top = Object.entries(head(message, shape)).map(([name, value]) => tag(name, value))
  if (message.event !== 'complaint_callback') return top.join('')
  const fields = Object.entries(message.fields).map(([name, value]) =>
    /^\d{1,11}$/.test(value) && numeric.includes(name) ? `<${name}>${value}</${name}>` : tag(name, value),
  )
  const history = message.history.map(({ time, content, media }) => {
    const pictures = media.map((url) => tag('media_id_list', url)).join('')
    return `<history><time>${time}</time>${tag('content', content)}${pictures}</history>`
  })
  return `${top.join('')}<BussiCallBackInfo>${fields.join('')}${history.join('')}</BussiCallBackInfo>`
}

/** Text in CDATA; the only thing that could end it early is split over two. */
export function tag(name: string, value: string | number): string {
  if (typeof value === 'number') return `<${name}>${value}</${name}>`
  return `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
}
