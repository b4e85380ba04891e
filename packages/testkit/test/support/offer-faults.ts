import { makeRecord } from '../../src/records/make-record.ts'
import { readMarks, writeMarks } from '../../src/reference-sinks/store-marks.ts'
import { appendRecords, type Fault } from './break-sink.ts'

/** Sinks with a broken `mark` or `holds`. */
export const offerFaults = {
  'throws-on-the-same-mark': {
    fails: 'marks-accepted',
    session: (good) => {
      let last = ''
      return {
        async mark(marks, call) {
          const text = JSON.stringify(marks)
          if (text === last) throw new Error('this mark is already stored')
          last = text
          await good.mark?.(marks, call)
        },
      }
    },
  },
  'throws-on-an-earlier-mark': {
    fails: 'marks-accepted',
    session: (good) => {
      let latestMs = 0
      return {
        async mark(marks, call) {
          for (const { completeThroughMs } of marks) latestMs = Math.max(latestMs, completeThroughMs)
          const [first] = marks
          if (marks.length === 1 && first !== undefined && first.completeThroughMs < latestMs) {
            throw new Error('this mark is earlier than the stored one')
          }
          await good.mark?.(marks, call)
        },
      }
    },
  },
  'forgets-its-marks': { fails: 'marks-accepted', session: () => ({ async mark() {} }) },
  'stores-marks-unmerged': {
    fails: 'marks-accepted',
    session: (_good, { options: { path } }) => ({
      async mark(marks) {
        const stored = await readMarks(path)
        for (const { org, completeThroughMs, gaps } of marks) stored.set(org, { completeThroughMs, gaps })
        await writeMarks(path, stored)
      },
    }),
  },
  'shows-its-marks': {
    fails: 'marks-accepted',
    session: (_good, { options }) => ({
      async mark(marks) {
        appendRecords(
          options,
          marks.map(({ org }) => makeRecord(1_000, { org, key: 'mark' })),
        )
      },
    }),
  },
  'holds-everything': {
    fails: 'presence-reported',
    session: () => ({ holds: async (references) => references.map(() => 'present') }),
  },
  'answers-in-its-own-order': {
    fails: 'presence-reported',
    session: (good) => ({
      holds: async (references, call) => ((await good.holds?.(references, call)) ?? []).toSorted(),
    }),
  },
  'holds-any-revision': {
    fails: 'presence-reported',
    session: (good) => ({
      holds: async (references, call) =>
        (await good.holds?.(
          references.map((reference) => ({ ...reference, rank: 0 })),
          call,
        )) ?? [],
    }),
  },
} as const satisfies Readonly<Record<string, Fault>>
