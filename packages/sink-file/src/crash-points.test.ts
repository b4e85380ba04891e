import { describe, expect, it } from 'vitest'
import { context, type DeliveryPlan, deliver, testOptions } from '../test/support/deliver.ts'
import { faultyFiles, type Moment } from '../test/support/faulty-files.ts'
import { type JournalModel, journalModel, testRecords } from '../test/support/journal-model.ts'
import { MemoryFiles } from '../test/support/memory-files.ts'
import { readPublished, revisionsOf } from '../test/support/read-published.ts'
import { Reader } from '../test/support/reader.ts'
import { createFileSink } from './file-sink.ts'
import type { Compression } from './file-sink-options.ts'
import type { Files } from './files.ts'

const directory = '/base/records'
const moments: readonly Moment[] = ['before', 'half', 'after']

/** Two orgs and two homes, with one span closed by its size, one by a flush, and one by the final flush. */
const allKinds = journalModel(
  testRecords(7, (number) => ({
    org: number % 3 === 0 ? 'acme' : 'other',
    home: number === 4 ? '2026-11-25' : '2026-11-24',
  })),
)

function plan(crashed: () => boolean, batchSizes: readonly number[]): DeliveryPlan {
  let batches = 0
  return {
    batchRecords: () => batchSizes[batches++ % batchSizes.length] ?? 1,
    flushes: () => batches % 3 === 0,
    crashed,
  }
}

interface Crash {
  readonly at: number
  readonly moment: Moment
  /** Default: the scenario's value. */
  readonly powerCut?: boolean
  /**
   * The fraction of what was not durable that survives a power cut, from 0 to 1. Default: none or half of it.
   */
  readonly survives?: number
}

interface Scenario {
  readonly compress: Compression
  readonly powerCut: boolean
  /** The reader moves files to another directory once it has seen them. */
  readonly moves: boolean
  /** Default: the journal with all kinds of spans. */
  readonly journal?: JournalModel
  /** Breaks the sink on purpose. */
  readonly sabotage?: (files: Files) => Files
}

/** Delivers the journal through the crashes and then to its end. Returns how many of the crashes occurred. */
async function runThrough(scenario: Scenario, crashes: readonly Crash[]): Promise<number> {
  const { journal = allKinds } = scenario
  const disk = new MemoryFiles()
  const reader = new Reader(disk, directory)
  let occurred = 0
  let promised = 0
  for (const crash of [...crashes, undefined]) {
    const fault = crash && { ...crash, crash: true, error: new Error('crashed') }
    const faulty = faultyFiles(disk, fault, () => reader.look())
    const files = scenario.sabotage?.(faulty.files) ?? faulty.files
    const options = { ...testOptions, compress: scenario.compress, rotateBytes: 600 }
    const sink = createFileSink(options, context, files)
    promised = await deliver(sink, journal, plan(faulty.crashed, [1 + occurred, 3, 2]), promised)
    if (!faulty.crashed()) break
    occurred += 1
    if (scenario.moves) reader.moveAway()
    if (crash?.powerCut ?? scenario.powerCut)
      disk.cutPower(() => crash?.survives ?? ((crash?.at ?? 0) % 2) / 2)
  }
  expectEachOnce(reader.seen(), journal)
  // A later reader finds the same records.
  if (!scenario.moves) expectEachOnce(disk.published(directory), journal)
  return occurred
}

function expectEachOnce(files: ReadonlyMap<string, Buffer>, { records }: JournalModel): void {
  const lines = readPublished(files)
  expect(revisionsOf(lines.map(({ mark }) => mark))).toEqual(revisionsOf(records))
  for (const { path, mark } of lines) expect(path.split('/').slice(0, 2)).toEqual([mark.org, mark.home])
}

async function crashEverywhere(scenario: Scenario): Promise<void> {
  for (const moment of moments) {
    let at = 0
    while ((await runThrough(scenario, [{ at, moment }])) > 0) at += 1
    expect(at).toBeGreaterThan(40)
  }
}

it.each<Scenario>([
  { compress: 'none', powerCut: true, moves: true },
  { compress: 'none', powerCut: true, moves: false },
  { compress: 'none', powerCut: false, moves: true },
  { compress: 'none', powerCut: false, moves: false },
  { compress: 'zstd', powerCut: true, moves: true },
])(
  'a crash at any point leaves each record published once: compress $compress, power cut $powerCut, files moved $moves',
  crashEverywhere,
)

describe.each<Scenario>([
  { compress: 'none', powerCut: true, moves: true },
  { compress: 'none', powerCut: false, moves: true },
])('power cut: $powerCut', (scenario) => {
  it('crashes at any two points leave each record published once', async () => {
    for (let first = 0; (await runThrough(scenario, [{ at: first, moment: 'after' }])) > 0; first += 1) {
      let second = 0
      const crashes = (): Crash[] => [
        { at: first, moment: 'after' },
        { at: second, moment: 'before' },
      ]
      while ((await runThrough(scenario, crashes())) > 1) second += 1
    }
  })
})

it('a kill at any point and a later power cut at any other leave each record published once', async () => {
  const scenario: Scenario = {
    compress: 'none',
    powerCut: true,
    moves: false,
    journal: journalModel(testRecords(6)),
  }
  for (let first = 0; ; first += 1) {
    const kill: Crash = { at: first, moment: 'after', powerCut: false }
    if ((await runThrough(scenario, [kill])) === 0) break
    let second = 0
    const powerCut = (): Crash => ({ at: second, moment: 'before', survives: 0 })
    while ((await runThrough(scenario, [kill, powerCut()])) > 1) second += 1
  }
})

describe('these tests catch', () => {
  const powerCut: Scenario = { compress: 'none', powerCut: true, moves: false }
  const kill: Scenario = { compress: 'none', powerCut: false, moves: true }

  it.each<[string, Scenario, (files: Files) => Partial<Files>]>([
    ['a sink that does not sync files', powerCut, () => ({ sync: async () => {} })],
    ['a sink that does not sync directories', powerCut, () => ({ syncDirectory: async () => {} })],
    [
      'a sink that does not sync directories after a rename into them',
      powerCut,
      (files) => ({
        async syncDirectory(path) {
          if (path.endsWith('/.work') || !path.startsWith(directory)) await files.syncDirectory(path)
        },
      }),
    ],
    [
      'a sink that publishes by copying',
      kill,
      (files) => ({
        async rename(from, to) {
          if (to.endsWith('.json')) return files.rename(from, to)
          for await (const chunk of files.readChunks(from)) await files.append(to, [chunk], 'new')
          await files.remove(from)
        },
      }),
    ],
  ])('%s', async (_, scenario, sabotage) => {
    await expect(
      crashEverywhere({ ...scenario, sabotage: (files) => ({ ...files, ...sabotage(files) }) }),
    ).rejects.toThrow()
  })
})
