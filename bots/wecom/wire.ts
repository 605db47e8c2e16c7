import { z } from 'zod'

// Their shapes, as far as we read them; what we do not name is left aside.

const media = z.object({ url: z.string(), aeskey: z.string().optional() })
export type Media = z.infer<typeof media>

const words = z.object({ content: z.string() })

const content = z.object({
  msgtype: z.string(),
  text: words.optional(),
  voice: words.optional(),
  image: media.optional(),
  file: media.optional(),
  video: media.optional(),
  mixed: z
    .object({ msg_item: z.array(z.object({ msgtype: z.string(), text: words.optional(), image: media.optional() })) })
    .optional(),
})
export type Content = z.infer<typeof content>

const place = z.object({
  msgid: z.string(),
  chatid: z.string().optional(),
  chattype: z.string().optional(),
  from: z.object({ userid: z.string().default('') }).default({ userid: '' }),
})
export type Place = z.infer<typeof place>

const message = content.extend({ ...place.shape, quote: content.optional().catch(undefined) })
export type Message = z.infer<typeof message>

const pressing = z.object({
  event_key: z.string(),
  task_id: z.string(),
  selected_items: z
    .object({
      selected_item: z.array(
        z.object({ question_key: z.string(), option_ids: z.object({ option_id: z.array(z.string()) }) }),
      ),
    })
    .optional()
    .catch(undefined),
})
export type Pressing = z.infer<typeof pressing>

const press = place.extend({
  // The SDK's types have the event flat; the wire nests it.
  event: z
    .object({ template_card_event: pressing })
    .transform((event) => event.template_card_event)
    .or(pressing),
})
export type Press = z.infer<typeof press>

const head = z.object({ headers: z.object({ req_id: z.string() }) })
/** What an answer to a callback is tied to. */
export type Head = z.infer<typeof head>

export const reads = {
  message: head.extend({ body: message }),
  press: head.extend({ body: press }),
} as const
