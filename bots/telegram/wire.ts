import { z } from 'zod'

// Their shapes, as far as we read them; what we do not name is left aside.

const person = z.object({
  id: z.number(),
  is_bot: z.boolean().default(false),
  first_name: z.string().default(''),
  last_name: z.string().optional(),
})

const chat = z.object({ id: z.number(), type: z.string(), title: z.string().optional() })

const file = z.object({
  file_id: z.string(),
  file_size: z.number().optional(),
  mime_type: z.string().optional(),
  file_name: z.string().optional(),
})

const message = z.object({
  message_id: z.number(),
  chat,
  from: person.optional(),
  sender_chat: z.object({ id: z.number() }).optional(),
  is_automatic_forward: z.boolean().optional(),
  is_topic_message: z.boolean().optional(),
  message_thread_id: z.number().optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  photo: z.array(file).optional(),
  document: file.optional(),
  animation: file.optional(),
  video: file.optional(),
  media_group_id: z.string().optional(),
  reply_to_message: z
    .object({
      message_id: z.number(),
      from: person.optional(),
      text: z.string().optional(),
      entities: z
        .array(
          z.object({
            type: z.string(),
            offset: z.number(),
            length: z.number(),
            user: z.object({ id: z.number() }).optional(),
          }),
        )
        .optional(),
      forum_topic_created: z.unknown().optional(),
    })
    .optional(),
  migrate_to_chat_id: z.number().optional(),
  migrate_from_chat_id: z.number().optional(),
})
export type Message = z.infer<typeof message>

const query = z.object({
  id: z.string(),
  from: person,
  // What is too old for Telegram to show still has its chat and number.
  message: z
    .object({
      message_id: z.number(),
      chat,
      is_topic_message: z.boolean().optional(),
      message_thread_id: z.number().optional(),
    })
    .optional(),
  data: z.string().optional(),
})
export type Query = z.infer<typeof query>

const me = z.object({
  id: z.number(),
  username: z.string().default(''),
  can_join_groups: z.boolean().optional(),
  can_read_all_group_messages: z.boolean().optional(),
})
export type Me = z.infer<typeof me>

const membership = z.object({
  chat: chat,
  new_chat_member: z.object({ status: z.string() }),
})

export const reads = {
  message,
  query,
  me,
  membership,
  updates: z.array(z.looseObject({ update_id: z.number() })),
  update: z.looseObject({ update_id: z.number() }),
  sent: z.object({ message_id: z.number() }),
  sentAll: z.array(z.object({ message_id: z.number() })).min(1),
  file: z.object({ file_path: z.string() }),
  webhook: z.object({
    url: z.string().default(''),
    pending_update_count: z.number().default(0),
    last_error_date: z.number().optional(),
    last_error_message: z.string().optional(),
  }),
  member: z.object({
    status: z.string(),
    can_send_messages: z.boolean().optional(),
    can_send_photos: z.boolean().optional(),
    is_member: z.boolean().optional(),
  }),
  chat: chat.extend({
    is_forum: z.boolean().optional(),
    /** Of everybody who is no administrator there. */
    permissions: z
      .object({ can_send_messages: z.boolean().optional(), can_send_photos: z.boolean().optional() })
      .optional(),
  }),
} as const

/** What telegraf throws when Telegram says no. */
export const refusal = z.object({
  response: z.object({
    error_code: z.number(),
    description: z.string().default(''),
    parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).optional(),
  }),
})
