import type { Mistake } from '../support/kill-child.ts'

interface Planted {
  readonly name: string
  /** Where the process must die for it to show. */
  readonly point: string
  /** In what the verdict says. */
  readonly seen: string
  readonly mistake: Mistake
}

/** What the code of refunds could do wrong, and a death would make worse. */
export const mistakes: readonly Planted[] = [
  {
    name: 'the number is kept after the wish, not with it',
    point: 'request.committed',
    seen: 'what failed',
    mistake: {
      'actions/request.js': [
        [
          'goes ? await keepRefund(tx, action, spend, wanted) : undefined',
          'undefined; if (goes) globalThis.keep = () => parts.storage.transaction((tx) => keepRefund(tx, action, spend, wanted))',
        ],
        ["failpoint('request.committed');", "failpoint('request.committed'); await globalThis.keep?.();"],
      ],
    },
  },
  {
    name: 'that it is sent is written after the call, not before',
    point: 'carry-out.performed',
    seen: 'calls that refund',
    mistake: {
      'actions/carry-out.js': [
        [
          "const sent = await parts.storage.transaction((tx) => moveAction(tx, work.action.id, { state: 'sent' }));",
          'const sent = work.action;',
        ],
        [
          "failpoint('carry-out.performed');",
          "failpoint('carry-out.performed'); await parts.storage.transaction((tx) => moveAction(tx, sent.id, { state: 'sent' }));",
        ],
      ],
    },
  },
]
