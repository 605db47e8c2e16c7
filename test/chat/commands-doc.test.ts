import { expect, test } from 'vitest'
import { commands } from '../../src/chat/commands.ts'
import { text } from '../../src/chat/texts.ts'

const head = `# Commands | 命令

Made from the one table in \`src/chat/commands.ts\`; \`npx vitest run test/chat/commands-doc.test.ts -u\` writes it anew.

- In answer to a card the number may be left out. | 回复卡片时可省略编号。
- Full-width signs and digits are the same: \`／退款 ＃１２８ 全额\`. | 全角的斜杠、井号、数字一样能用。
- In WeCom begin with the bot's name (\`@Redress\`); then the slash may be left out too: \`@Redress 退款 128 全额\`. | 企业微信里先 @机器人，此时可以不写斜杠。
- An unknown word is answered with the nearest command, one that is not complete with an example. | 写错了会提示最接近的命令和用法示例。

| command | 中文 | what it does | 作用 |
|---|---|---|---|
`

const cell = (words: string) => words.replaceAll('|', '\\|')

test('docs/commands.md says what the table says', async () => {
  const rows = commands.map(({ name, aliases, example, help }) => {
    const chinese = aliases.filter((alias) => /\p{Script=Han}/u.test(alias)).map((alias) => `\`/${alias}\``)
    const others = aliases.filter((alias) => !/\p{Script=Han}/u.test(alias)).map((alias) => `\`/${alias}\``)
    const first = [`\`${example}\``, ...(others.length > 0 ? [`(${others.join(', ')})`] : [])].join(' ')
    expect(example.startsWith(`/${name}`)).toBe(true)
    return `| ${[first, chinese.join(' '), text('en', help), text('zh-CN', help)].map(cell).join(' | ')} |\n`
  })
  await expect(head + rows.join('')).toMatchFileSnapshot('../../docs/commands.md')
})
