export interface Started {
  readonly url: string
  readonly version: string
  readonly key: { readonly path: string; readonly text: string; readonly made: boolean }
  /** A person looks at it; else it is a log, which holds no keys. */
  readonly terminal: boolean
  /** Nobody is set up yet. */
  readonly empty: boolean
}

/** What a start says on stdout. */
export function welcome({ url, version, key, terminal, empty }: Started): string {
  const lines = [`Redress ${version}`, `服务地址 | serving at: ${url}`, `管理密钥文件 | admin key file: ${key.path}`]
  if (key.made && terminal) lines.push(`管理密钥（只显示这一次） | admin key (shown this once): ${key.text}`)
  return [...lines, ...(empty ? next : []), ''].join('\n')
}

const next = [
  '',
  '下一步：在另一个终端、同一个文件夹里运行 npx redress init，它会逐项提问；或依次运行（每条命令都有 --help）',
  'Next, in another terminal and the same folder: npx redress init, which asks; or one by one (each command has --help):',
  '  npx redress tenant create --handle shop --name 小店',
  '  npx redress account add --platform wechat-mini --id wx… --name 小程序 --secret secret=@file --secret token=@file --secret aesKey=@file',
  '  npx redress bot add --kind browser --name 客服 --settings @bot.json',
  '  npx redress member add --handle li --name 李 --role admin',
  '  npx redress member bind-code li',
  '  npx redress room code',
  '  npx redress doctor',
]
