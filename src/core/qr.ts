import { encode, renderUnicodeCompact } from 'uqr'

/** Modules of white around it, as the standard wants. */
const border = 4

/** Rows of modules, true = dark, with their white border. @throws RangeError when it is more than a QR code holds: some 2,900 letters */
export const qrCode = (text: string): readonly (readonly boolean[])[] => {
  if (Buffer.byteLength(text) > 2_900) throw new RangeError('too long for a QR code')
  return encode(text, { ecc: 'L', border }).data
}

/** For a terminal with light letters on dark, two rows of modules to a line. */
export const qrText = (text: string): string => renderUnicodeCompact(text, { ecc: 'L', border: 2 })
