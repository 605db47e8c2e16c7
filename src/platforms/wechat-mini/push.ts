import { type Fields, fieldsOf, isFields, text } from './fields.ts'

export const complaintEvent = 'complaint_callback'

/** `Complaint Callback ` is `complaint_callback`; a message that is no event goes by its type. */
export const eventOf = (fields: Fields): string =>
  (text(fields, 'Event') ?? text(fields, 'MsgType') ?? '').replace(/\s+/g, '_').toLowerCase().slice(0, 64)

/** The fields of a complaint push: inside a wrapper (XML, as documented) or flat (JSON, as it really comes). */
export const inner = (fields: Fields): Fields =>
  isFields(fields.BussiCallBackInfo) ? fieldsOf(fields.BussiCallBackInfo) : fields

/** Whom and what the push names. The number only when it is one that the detail can be asked for. */
export function pushed(fields: Fields): { readonly appid?: string; readonly number?: string } {
  const body = inner(fields)
  const appid = text(body, 'appid') ?? text(fields, 'appid')
  const number = text(body, 'complaint_order_id')
  return {
    ...(appid === undefined ? {} : { appid }),
    ...(number !== undefined && isNumber(number) ? { number } : {}),
  }
}

/** Complaint numbers travel as JSON numbers: digits, without a leading zero, exact in a double. */
export const isNumber = (number: string): boolean =>
  /^[1-9]\d{0,15}$/.test(number) && Number.isSafeInteger(Number(number))
