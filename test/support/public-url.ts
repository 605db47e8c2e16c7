/** By what the world calls Redress: WeChat Pay and Telegram take nothing but https. */
export const publicUrl = 'https://redress.example'
