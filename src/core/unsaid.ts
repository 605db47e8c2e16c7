/**
 * What somebody outside said, without these secrets: servers repeat in their refusals what they were asked, keys and all.
 * Found as they are, in JSON, in addresses, in hex and inside Base64, as of a login.
 */
export function unsaid(words: string, secrets: readonly (string | undefined)[]): string {
  const forms = secrets.flatMap((secret) => (secret === undefined || secret === '' ? [] : formsOf(secret)))
  // The longest first: what is left of one would still tell it.
  return forms.sort((a, b) => b.length - a.length).reduce((text, form) => text.replaceAll(form, '…'), words)
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret)).slice(3, -3),
    encodeURIComponent(secret),
    hex,
    hex.toUpperCase(),
    // What is left of a few letters stands in other words too.
    ...(bytes.length < 8 ? [] : [0, 1, 2].flatMap((shift) => inBase64(bytes, shift))),
  ]
}

/** The letters that are the secret's alone, when so many bytes of a group of three stand before it. */
function inBase64(bytes: Buffer, shift: number): readonly string[] {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes])
  const [from, to] = [Math.ceil((shift * 8) / 6), Math.floor((whole.length * 8) / 6)]
  return (['base64', 'base64url'] as const).map((name) => whole.toString(name).slice(from, to))
}
