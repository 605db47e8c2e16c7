import { type Picture, pictureLimit, pictureType } from '../core/picture.ts'

/** Most bytes of what is sent at once, its pictures among them. */
export const bodyLimit = 12 * 1024 * 1024
/** Most parts of a form: ours have fewer. */
const partsLimit = 40

export interface Form {
  readonly fields: Readonly<Record<string, string>>
  readonly pictures: readonly Picture[]
  /** Files that are no pictures, or too big. */
  readonly lost: number
}

/** @returns undefined when it is no form, or not a whole one. Pictures are told by their bytes, never by what they are called. */
export async function readForm(contentType: string, body: Buffer): Promise<Form | undefined> {
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(contentType)) return undefined
  const response = new Response(body, { headers: { 'content-type': contentType } })
  const parts = await response.formData().then(
    (form) => [...form.entries()],
    () => undefined,
  )
  if (!parts || parts.length > partsLimit) return undefined
  const fields: Record<string, string> = {}
  const pictures: Picture[] = []
  let lost = 0
  for (const [name, value] of parts) {
    if (typeof value === 'string') fields[name] = value
    // A field without a file is sent as an empty one.
    else if (value.size > 0) {
      const bytes = Buffer.from(await value.arrayBuffer())
      const type = pictureType(bytes)
      if (type && bytes.length <= pictureLimit) pictures.push({ type, bytes })
      else lost += 1
    }
  }
  return { fields, pictures, lost }
}
