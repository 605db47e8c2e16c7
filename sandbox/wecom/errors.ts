/** An answer other than 0; the message names the field where there is one. */
export class Refusal extends Error {
  readonly errcode: number

  constructor(errcode: number, errmsg: string) {
    super(errmsg)
    this.errcode = errcode
  }
}

export const invalidParameter = (what: string): Refusal => new Refusal(40058, `${what}. invalid Request Parameter`)
export const badMsgtype = (): Refusal => new Refusal(40008, 'invalid message type')
export const badMedia = (): Refusal => new Refusal(40007, 'invalid media_id')
export const badReqId = (): Refusal => new Refusal(846605, 'invalid req_id')
export const tooOften = (errcode = 45009): Refusal => new Refusal(errcode, 'api freq out of limit')
