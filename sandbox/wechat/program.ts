export type Random = (size: number) => Buffer

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
}
