import { json, type Read } from './call.ts'

export const showUrl: Read = ({ house, merchant }) => ({ run: () => json(house.urls.show(merchant)) })

export const setUrl =
  (how: 'create' | 'update'): Read =>
  ({ house, merchant, body }) => ({ body, run: () => json(house.urls[how](merchant, body)) })

export const removeUrl: Read = ({ house, merchant }) => ({ run: () => house.urls.remove(merchant) ?? 'done' })
