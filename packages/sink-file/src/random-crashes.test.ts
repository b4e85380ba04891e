import fc from 'fast-check'
import { expect, it } from 'vitest'
import { context, deliver, testOptions } from '../test/support/deliver.ts'
import { faultyFiles } from '../test/support/faulty-files.ts'
import { journalModel, testRecord } from '../test/support/journal-model.ts'
import { MemoryFiles, systemError } from '../test/support/memory-files.ts'
import { readPublished, revisionsOf } from '../test/support/read-published.ts'
import { Reader } from '../test/support/reader.ts'
import { createFileSink } from './file-sink.ts'

const directory = '/base/records'

const record = fc.record({
  org: fc.constantFrom('acme', 'other', '../up', 'a/b'),
  home: fc.constantFrom('2026-11-23', '2026-11-24'),
  text: fc
    .dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 })
    .map((value) => {
      return JSON.stringify(value, null, Object.keys(value).length % 2)
    }),
})

const trouble = fc.record({
  at: fc.nat(60),
  moment: fc.constantFrom('before' as const, 'half' as const, 'after' as const),
  what: fc.constantFrom('kill', 'power cut', 'ENOSPC', 'EIO', 'EACCES'),
  survives: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  moves: fc.boolean(),
})

it('after any sequence of batches, crashes and errors, each record is published once and unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 40 }),
      fc.array(trouble, { maxLength: 6 }),
      fc.array(fc.nat(9), { minLength: 3, maxLength: 9 }),
      fc.constantFrom(1_000, 3_000, 1_000_000),
      async (parts, troubles, choices, rotateBytes) => {
        const journal = journalModel(parts.map((part, number) => testRecord(number, part)))
        const disk = new MemoryFiles()
        const reader = new Reader(disk, directory)
        let promised = 0
        let choice = 0
        const choose = () => choices[choice++ % choices.length] ?? 0
        for (const next of [...troubles, undefined]) {
          const crash = next?.what === 'kill' || next?.what === 'power cut'
          const fault = next && { ...next, crash, error: systemError(next.what) }
          const { files, crashed } = faultyFiles(disk, fault, () => reader.look())
          const sink = createFileSink({ ...testOptions, rotateBytes }, context, files)
          const plan = { batchRecords: () => 1 + choose(), flushes: () => choose() === 0, crashed }
          promised = await deliver(sink, journal, plan, promised)
          if (next?.moves) reader.moveAway()
          if (crashed() && next?.what === 'power cut') disk.cutPower(() => next.survives)
        }
        const lines = readPublished(reader.seen())
        expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(journal.records))
        if (!troubles.some(({ moves }) => moves)) expect(disk.published(directory)).toEqual(reader.seen())
        for (const { line, mark } of lines) {
          const { '@cdrstream': _, ...fields } = JSON.parse(line)
          expect(fields).toEqual(JSON.parse(journal.records.find(({ key }) => key === mark.key)?.text ?? ''))
        }
      },
    ),
    { numRuns: 300 },
  )
})
