import { type Choice, type Complaint, moveOf } from '../complaints/complaint.ts'
import type { Language } from '../storage/tenants.ts'
import { text, textKeys } from './texts.ts'

/** In the reader's words where we have them, else in the platform's. */
export function choiceText(language: Language, { code, label }: Choice): string {
  const key = textKeys.find((known) => known === `choice.${code}`)
  return key && language === 'en' ? text(language, key) : label
}

/** How it is finished with this code. */
export function resultText(language: Language, complaint: Complaint, code: string): string {
  const choices = moveOf(complaint, 'finish')?.takes.choices ?? []
  return choiceText(language, choices.find((each) => each.code === code) ?? { code, label: code })
}
