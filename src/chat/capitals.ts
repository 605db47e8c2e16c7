import type { Fen } from '../core/words.ts'

const digits = '零壹贰叁肆伍陆柒捌玖'
const places = ['', '拾', '佰', '仟']
const groups = ['', '万', '亿', '万亿']

/** 1250 → 壹拾贰元伍角整: as amounts are written where a wrong digit costs money. */
export function capitals(amount: Fen): string {
  const [yuan, jiao, cents] = [Math.floor(amount / 100), Math.floor(amount / 10) % 10, amount % 10]
  const whole = yuan === 0 ? '' : `${wholeOf(yuan)}元`
  const tenth = jiao > 0 ? `${digits[jiao]}角` : whole !== '' && cents > 0 ? '零' : ''
  const last = cents > 0 ? `${digits[cents]}分` : '整'
  return whole + tenth === '' && cents === 0 ? '零元整' : whole + tenth + last
}

/** Four digits at a time; a gap of noughts is said once. */
function wholeOf(yuan: number): string {
  let said = ''
  for (let rest = yuan, group = 0; rest > 0; rest = Math.floor(rest / 10_000), group++) {
    const four = rest % 10_000
    if (four === 0) {
      if (said !== '' && !said.startsWith('零')) said = `零${said}`
      continue
    }
    const gap = four < 1000 && rest >= 10_000 ? '零' : ''
    said = `${gap}${fourOf(four)}${groups[group]}${said}`
  }
  return said
}

function fourOf(four: number): string {
  let said = ''
  for (let rest = four, place = 0; rest > 0; rest = Math.floor(rest / 10), place++) {
    const digit = rest % 10
    if (digit > 0) said = `${digits[digit]}${places[place]}${said}`
    else if (said !== '' && !said.startsWith('零')) said = `零${said}`
  }
  return said
}
