import type { CdrRecord } from '@cdrstream/plugin'
import type { CheckDefinition } from '../check-definition.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { makeRecord, todayMs } from '../records/make-record.ts'
import { expectShown } from '../shown/expect-shown.ts'
import type { Trial } from '../trial.ts'

const when: CheckDefinition['when'] = ({ idempotence }) => idempotence !== 'none'
const dayMs = 86_400_000

export const revisionChecks: readonly CheckDefinition[] = [
  {
    name: 'higher-rank-wins',
    title: 'a revision with a higher rank replaces the previous one',
    when,
    needs: ['readBack'],
    run: (trial) =>
      expectLatest(trial, [revision(trial, 1, 10), revision(trial, 1, 20), revision(trial, 1, 21)]),
  },
  {
    name: 'lower-rank-loses',
    title: 'a revision with a lower rank that arrives later changes nothing',
    when,
    needs: ['readBack'],
    run: (trial) =>
      expectLatest(trial, [revision(trial, 1, 20), revision(trial, 1, 19), revision(trial, 1, 10)]),
  },
  {
    name: 'equal-rank-changes-nothing',
    title: 'a record sent again with the same rank changes nothing, even if its content differs',
    when: ({ idempotence }) => idempotence === 'key',
    needs: ['readBack'],
    async run(trial) {
      const first = revision(trial, 1, 10)
      const other = { ...makeRecord(1, { org: trial.org, fields: { user: 'another' } }), rank: first.rank }
      await trial.deliver(new TrialJournal([first, other]), { batchRecords: 1 })
      await expectShown(trial, [first], { content: true })
    },
  },
  {
    name: 'start-time-moves',
    title: 'a revision whose Start time moves to another month, with the same home, replaces the older one',
    when,
    needs: ['readBack'],
    run: (trial) =>
      expectLatest(trial, [
        moved(trial, { number: 1, rank: 10, days: 0 }),
        moved(trial, { number: 2, rank: 10, days: 45 }),
        moved(trial, { number: 1, rank: 20, days: 45 }),
        moved(trial, { number: 2, rank: 20, days: 0 }),
      ]),
  },
  {
    name: 'revisions-in-one-batch',
    title:
      'of several revisions in one batch, the one with the highest rank is shown, regardless of their order',
    when: ({ idempotence, revisions = 'all' }) => idempotence !== 'none' && revisions === 'all',
    needs: ['readBack'],
    async run(trial) {
      const ranks = [
        [10, 20],
        [20, 10],
        [10, 30, 20],
      ]
      const records = ranks.flatMap((ofKey, number) => ofKey.map((rank) => revision(trial, number, rank)))
      await trial.deliver(new TrialJournal(records))
      await expectShown(trial, records, { content: true })
    },
  },
]

/** Sends each record in its own batch. */
async function expectLatest(trial: Trial, records: readonly CdrRecord[]): Promise<void> {
  await trial.deliver(new TrialJournal(records), { batchRecords: 1 })
  await expectShown(trial, records, { content: true })
}

function revision({ org }: Trial, number: number, rank: number): CdrRecord {
  return makeRecord(number, { org, rank: rankOf(rank), fields: { user: `revision ${rank}` } })
}

function moved(
  { org }: Trial,
  { number, rank, days }: { readonly number: number; readonly rank: number; readonly days: number },
): CdrRecord {
  const startTimeMs = todayMs() - days * dayMs
  const home = new Date(todayMs()).toISOString().slice(0, 10)
  return makeRecord(number, {
    org,
    rank: rankOf(rank),
    home,
    startTimeMs,
    fields: { user: `revision ${rank}` },
  })
}

/**
 * Returns realistic ranks, which do not fit in 32 bits, and which differ by too little for a single-precision
 * float.
 */
function rankOf(step: number): number {
  return todayMs() * 2_048 + step
}
