import type { SinkPlugin } from '@cdrstream/plugin'
import { describe, expect, test } from 'vitest'
import { breakSink } from '../test/support/break-sink.ts'
import { contentFaults } from '../test/support/content-faults.ts'
import { referenceCertification } from '../test/support/reference-certification.ts'
import { referenceKeySink } from './reference-sinks/key-sink.ts'
import { readReferenceStore } from './reference-sinks/read-store.ts'
import type { StoreOptions } from './reference-sinks/store-options.ts'
import type { SinkCertification } from './sink-certification.ts'
import { sinkChecks } from './sink-checks.ts'

const good = referenceCertification(new URL('../test/support/reference-plugin.ts', import.meta.url))

/** Runs one check and returns why it failed. */
async function reasonOf(
  name: string,
  change: Partial<SinkCertification<StoreOptions>> = {},
  plugin: SinkPlugin<StoreOptions> = referenceKeySink,
): Promise<string | undefined> {
  const check = sinkChecks(plugin, { ...good, ...change }).find((each) => each.name === name)
  if (check === undefined) throw new Error(`there is no check ${name}`)
  return check.run().then(
    () => undefined,
    (error: Error) => error.message,
  )
}

const throwing = async (): Promise<never> => {
  throw new Error('no such host')
}

describe('the reason for a failure', () => {
  test.each([
    ['options', 'opens-again', { options: throwing }],
    ['readBack', 'opens-again', { readBack: throwing }],
    ['breakIt.down', 'down-is-retry', { breakIt: { down: throwing } }],
    ['breakIt.denied', 'denied-is-failed', { breakIt: { denied: throwing } }],
    ['breakIt.hang', 'abort-settles', { breakIt: { hang: throwing } }],
    ['healIt', 'down-is-retry', { healIt: throwing }],
    ['secrets', 'no-secret-leaked', { secrets: () => throwing() as never }],
    ['poison', 'poison-named', { poison: () => JSON.parse('{') }],
    ['readMarks', 'marks-accepted', { readMarks: throwing }],
    ['cleanUp', 'unknown-option-fails', { cleanUp: throwing }],
  ] as const)("names the certification's `%s` if it throws", async (member, name, change) => {
    expect(await reasonOf(name, change)).toContain(`\`${member}\``)
  })

  test("is the check's, even if healing the destination fails afterwards", async () => {
    const sink = breakSink({ fails: '', sink: () => ({ open: async () => ({ kind: 'retry' }) }) })
    expect(await reasonOf('denied-is-failed', { healIt: throwing }, sink)).not.toContain('healIt')
  })

  test('names both keys if one key was mistaken for the other', async () => {
    const reason = await reasonOf('odd-keys-kept', {}, breakSink(contentFaults['folds-keys']))
    const [first = '', second = ''] = (reason?.match(/"(?:[^"\\]|\\.)*"/g) ?? []).filter(
      (name) => !name.includes('certify_'),
    )
    expect(first).not.toBe(second)
    expect(second.trim().toLowerCase()).toBe(first.trim().toLowerCase())
  })

  test('names `flush` if a session without it buffers records', async () => {
    const sink = breakSink({
      fails: 'flush-reaches-the-end',
      session: (session) => ({
        async write(batch, call) {
          const outcome = await session.write(batch, call)
          return outcome.kind === 'accepted' ? { ...outcome, through: batch.from } : outcome
        },
      }),
    })
    expect(await reasonOf('flush-reaches-the-end', {}, sink)).toContain('`flush`')
  })

  test.each(['flush', 'mark', 'holds', 'close'])('names `%s` if it is not a method', async (method) => {
    const sink = breakSink({ fails: '', session: () => ({ [method]: 'yes' }) })
    expect(await reasonOf('opens-again', {}, sink)).toContain(`\`${method}\``)
  })
})

describe('content that was read back', () => {
  const text = '{}'
  const withText: SinkCertification<StoreOptions>['readBack'] = async ({ path }) =>
    (await readReferenceStore(path)).map(({ extra: _, ...record }) => ({ ...record, text }))

  test('does not need `extra` if it has `text` and `fields`', async () => {
    const texts = new Map<string, string>()
    const sink = breakSink({
      fails: '',
      session: (session) => ({
        write(batch, call) {
          for (const record of batch.records) texts.set(record.key, record.text)
          return session.write(batch, call)
        },
      }),
    })
    const readBack: SinkCertification<StoreOptions>['readBack'] = async (options) =>
      (await withText(options)).map((record) => ({ ...record, text: texts.get(record.key) ?? '' }))
    expect(await reasonOf('unknown-fields-kept', { readBack }, sink)).toBeUndefined()
  })

  test('is incomplete if it has only `fields`, which cannot hold unknown fields', async () => {
    const readBack: SinkCertification<StoreOptions>['readBack'] = async (options) =>
      (await withText(options)).map(({ text: _, ...record }) => record)
    expect(await reasonOf('unknown-fields-kept', { readBack })).toBeDefined()
  })
})
