import type { Account } from '../platform.ts'
import { type Fields, isFields, text } from './fields.ts'
import { unsayable } from './takes.ts'

/** A way on for the user, under every reply of an account: a page, or a page of a mini program. */
export type Jump =
  | { readonly jump_url: string; readonly jump_url_text: string }
  | { readonly mini_program_jump_info: { readonly appid: string; readonly path: string; readonly text: string } }

/** The setting `jump`: `{url, text}` or `{appid, path, text}`. @returns undefined when it is neither. */
export function jumpIn(setting: unknown): Jump | undefined {
  if (!isFields(setting)) return undefined
  const words = text(setting, 'text')
  if (words === undefined || [...words].length > 10 || unsayable(words)) return undefined
  return pageOf(setting, words) ?? miniProgramOf(setting, words)
}

function pageOf(setting: Fields, words: string): Jump | undefined {
  const url = text(setting, 'url')
  const fine = url !== undefined && url.length <= 512 && URL.canParse(url) && new URL(url).protocol === 'https:'
  return fine ? { jump_url: url, jump_url_text: words } : undefined
}

function miniProgramOf(setting: Fields, words: string): Jump | undefined {
  const [appid, path] = [text(setting, 'appid'), text(setting, 'path')]
  if (appid === undefined || path === undefined || setting.url !== undefined) return undefined
  return { mini_program_jump_info: { appid, path, text: words } }
}

export const jumpOf = ({ settings }: Pick<Account, 'settings'>): Jump | object => jumpIn(settings.jump) ?? {}
