import type { Person } from '../../complaints/complaint.ts'

const phone = /^\+?\d[\d -]{5,18}$/

/** 联系方式: a phone, an address of mail, or something masked. By a whole phone the same customer is known again: by a masked one another would be. */
export const personOf = (contact: string | undefined): Person =>
  contact === undefined ? {} : phone.test(contact) ? { phone: contact } : { name: contact }
