import { expect } from 'vitest'
import type { Run } from './stage.ts'

/** What others said or are called, and nobody translates. */
const names = [
  ...['Redress 客诉', '青禾优选', '小店', '小李', '阿陈', '小王', 'User-li', 'User-chen', 'User-wang'],
  ...['衣服破了一个洞，少发一件', '张*', '张＊'],
]

/** The platforms' own words for states, reasons and steps. */
const labels = [
  ...['待处理', '已回应，待用户确认', '待商家补充凭证', '平台客服处理中', '平台已判定为商责，待上传处理凭证'],
  ...['平台客服核实凭证中', '投诉已完结', '商品问题 · 破损', '山东红富士苹果 5 斤装'],
  ...['用户发起投诉', '商责，待上传处理凭证'],
  ...['处理中', '已处理完成', '已全额退款', '申请退款', '商品质量问题', '支付用户零钱'],
  ...['商户已发起部分退款。', '商户已发起全额退款。', '退款已到账。'],
  ...['待商家处理', '客服处理中', '投诉已撤销', '用户投诉', '未收到货 · 商家未发货', '支付宝', '街角咖啡'],
  ...['处理完成', '投诉单号'],
]

// What holds another goes first.
const outside = [...names, ...labels].sort((a, b) => b.length - a.length)

/** Latin letters that a Chinese screen may hold: what is typed as it stands, numbers of orders and refunds, a unit. */
const latin = [/\/[a-z]+( en)?/g, /(?<=\d )[KM]B/g, /(?<![A-Za-z])[A-Za-z]*\d[A-Za-z\d]*/g]

/** Nothing of ours that anybody could read in this run was in the other language. */
export function spoke(language: Run['language'], texts: ReadonlySet<string>): void {
  const all = [...texts]
  expect(all.length).toBeGreaterThan(10)
  const rest = all.map((words) => outside.reduce((left, word) => left.replaceAll(word, ''), words))
  const foreign =
    language === 'en'
      ? rest.flatMap((words) => words.match(/.*[\p{Script=Han}，。；：（）「」].*/gu) ?? [])
      : rest
          .map((words) => latin.reduce((left, word) => left.replace(word, ''), words))
          .flatMap((words) => words.match(/.*[A-Za-zＡ-Ｚａ-ｚ].*/g) ?? [])
  expect(foreign).toEqual([])
}
