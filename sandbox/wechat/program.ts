export type Random = (size: number) => Buffer

export const digits = (random: Random, count: number): string => Array.from(random(count), (byte) => byte % 10).join('')

/** A mini program as its admin console knows it. */
export interface MiniProgram {
  readonly name: string
  readonly appid: string
  readonly secret: string
  readonly token: string
  /** EncodingAESKey, 43 characters. */
  readonly aesKey: string
  readonly mode: 'plain' | 'compatible' | 'safe'
  readonly format: 'xml' | 'json'
  readonly pushUrl: string
  /** The experience score it starts with; `startScore` of the rules when left out. */
  readonly score?: number
  /** Whether it stands under order shipping (发货信息管理); without it the order calls answer 48001. */
  readonly orderShipping?: boolean
  /** Of its orders. */
  readonly merchantId?: string
}
