import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { pageFile } from '../../../bots/browser/page/index.ts'
import { words } from '../../../bots/browser/page/words.ts'
import { cardText } from '../../../bots/browser/render.ts'
import { cards } from './group.ts'

const folder = new URL('../../../bots/browser/', import.meta.url)
const source = ['', 'page/', 'page/script/']
  .flatMap((part) => readdirSync(new URL(part, folder)).map((file) => part + file))
  .filter((file) => file.endsWith('.ts') && file !== 'page/words.ts')
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n')

describe('the words of the page', () => {
  test('Chinese without Latin letters, English without Chinese, the same holes to fill', () => {
    const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join()
    const wrong = Object.entries(words).filter(
      ([key, { zh, en }]) =>
        /[a-z]/i.test(zh.replace(/\{\w+\}/g, '')) ||
        (/[\u4e00-\u9fff]/.test(en) && key !== 'app.chinese') ||
        holes(zh) !== holes(en),
    )
    expect(wrong).toEqual([])
  })

  test('each is used, and each that is used exists', () => {
    const used = new Set([...source.matchAll(/'((?:[a-z]+\.)+[a-z]+)'/g)].map((match) => match[1] ?? ''))
    const dynamic = [...source.matchAll(/'([a-z]+\.)' \+/g)].map((match) => match[1] ?? '')
    const unused = Object.keys(words).filter((key) => !used.has(key) && !dynamic.some((start) => key.startsWith(start)))
    expect(unused).toEqual([])
    const asked = [...source.matchAll(/\bt\('([\w.]+)'[,)]/g)].map((match) => match[1] ?? '')
    expect(asked.length).toBeGreaterThan(40)
    expect(asked.filter((key) => !(key in words))).toEqual([])
  })

  test('no Chinese stands in the scripts themselves', () => {
    const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    expect(code.match(/[\u4e00-\u9fff]+/g)).toBeNull()
  })
})

test('nothing from outside is ever HTML', () => {
  expect(source).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(/)
  const front = pageFile('/', { title: '</title><script>alert(1)</script>', language: 'zh-CN' })
  expect(String(front?.body)).not.toContain('<script>alert')
})

test('a card in plain words', () => {
  expect(cardText(cards.settled())).toBe(
    '#117 小程序「鲜果日记」 · 已完结\n结果：已退款 ¥12.00，14:03 到账\n处理人：李文博\n[详情]',
  )
})
