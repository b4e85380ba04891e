import type { Failed, OpenOutcome, Retry, Sink, WriteOutcome } from '@cdrstream/plugin'
import { StoreError } from '../../src/reference-sinks/store-file.ts'
import type { Fault } from './break-sink.ts'

/** Sinks that report problems incorrectly or reveal too much. */
export const outageFaults = {
  'throws-when-down': {
    fails: 'down-is-retry',
    sink: answering((outcome) => {
      if (isTrouble(outcome, 'down')) throw new Error('the store is down')
      return outcome
    }),
  },
  'fails-when-down': {
    fails: 'down-is-retry',
    sink: answering((outcome) =>
      isTrouble(outcome, 'down') ? { kind: 'failed', code: 'down', remedy: 'wait' } : outcome,
    ),
  },
  'retries-when-denied': {
    fails: 'denied-is-failed',
    sink: answering((outcome) => (isTrouble(outcome, 'denied') ? { kind: 'retry' } : outcome)),
  },
  'has-no-remedy': {
    fails: 'denied-is-failed',
    sink: answering((outcome) => (outcome.kind === 'failed' ? { ...outcome, remedy: '' } : outcome)),
  },
  'stays-down': {
    fails: 'heals-after-outage',
    sink: (good) => {
      let wasDown = false
      return answering((outcome) => {
        wasDown ||= isTrouble(outcome, 'down')
        return wasDown ? { kind: 'retry' } : outcome
      })(good)
    },
  },
  'stays-denied': {
    fails: 'heals-after-denial',
    sink: (good) => {
      let wasDenied: Failed | undefined
      return answering((outcome) => {
        if (outcome.kind === 'failed') wasDenied = outcome
        return wasDenied ?? outcome
      })(good)
    },
  },
  'logs-its-options': {
    fails: 'no-secret-leaked',
    sink: (good, { options, context }) => ({
      async open(call) {
        context.log.debug('opening', { options })
        return good.open(call)
      },
    }),
  },
  'quotes-the-wrong-option': {
    fails: 'no-secret-leaked',
    plugin: ({ options }) => ({
      options: {
        '~standard': {
          ...options['~standard'],
          validate: async (given) => {
            const result = await options['~standard'].validate(given)
            return result.issues === undefined ? result : { issues: [{ message: JSON.stringify(given) }] }
          },
        },
      },
    }),
  },
  'logs-records': {
    fails: 'no-content-leaked',
    session: (good, { context }) => ({
      write(batch, call) {
        context.log.debug('writing', { first: batch.records[0]?.text })
        return good.write(batch, call)
      },
    }),
  },
  'quotes-refused-records': {
    fails: 'no-content-leaked',
    session: (good) => ({
      async write(batch, call) {
        const outcome = await good.write(batch, call)
        if (outcome.kind !== 'accepted') return outcome
        const refused = (outcome.refused ?? []).map(({ index }) => ({
          index,
          reason: `not JSON: ${batch.records[index]?.text}`,
        }))
        return { ...outcome, refused }
      },
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>

type Change = <Outcome extends OpenOutcome | WriteOutcome>(outcome: Outcome) => Outcome | Retry | Failed

/** Makes a sink change the outcomes of `open` and `write`. */
function answering(change: Change): (good: Sink) => Partial<Sink> {
  return (good) => ({
    async open(call) {
      const outcome = change(await good.open(call))
      if (outcome.kind !== 'opened') return outcome
      const { session } = outcome
      const write: typeof session.write = async (batch, writing) =>
        change(await session.write(batch, writing))
      return { ...outcome, session: { ...session, write } }
    },
  })
}

function isTrouble(outcome: OpenOutcome | WriteOutcome, trouble: 'down' | 'denied'): boolean {
  return 'cause' in outcome && outcome.cause instanceof StoreError && outcome.cause.trouble === trouble
}
