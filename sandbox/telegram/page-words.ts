export const menuWords = {
  zh: {
    title: 'Telegram 沙盒',
    as: '我是',
    chat: '群',
    write: '写点什么；/ 开头是命令',
    send: '发送',
    photo: '发照片',
    other: 'EN',
  },
  en: {
    title: 'Telegram sandbox',
    as: 'I am',
    chat: 'Chat',
    write: 'Say something; a command begins with /',
    send: 'Send',
    photo: 'Photo',
    other: '中文',
  },
} as const
