import { randomBytes } from 'node:crypto'
import type { CdrRecord } from '@cdrstream/plugin'
import { callCertification } from '../call-certification.ts'
import type { CheckDefinition } from '../check-definition.ts'
import { expectThat } from '../check-failure.ts'
import { attempt } from '../delivery/call-sink.ts'
import { TrialJournal } from '../delivery/trial-journal.ts'
import { ordinaryRecords, tornRecord } from '../records/kinds-of-records.ts'
import { makeRecord } from '../records/make-record.ts'
import { guessSecrets, replaceTexts } from '../secrets.ts'
import type { Trial } from '../trial.ts'
import type { TrialSink } from '../trial-sink.ts'

export const secrecyChecks: readonly CheckDefinition[] = [
  {
    name: 'no-secret-leaked',
    title: 'no secret in the options, not even a wrong one, appears in a log line, an error or an outcome',
    async run(trial) {
      const { secrets: known } = trial.certification
      const secrets = known
        ? await callCertification('secrets', () => known(trial.given))
        : guessSecrets(trial.given)
      const canary = `canary${randomBytes(8).toString('hex')}`
      const wrong = replaceTexts(trial.given, secrets, canary)
      await collectIssues(trial, { ...wrong, passwrod: canary })
      const options = await attempt(async () => trial.plugin.options['~standard'].validate(wrong))
      if (secrets.length > 0 && 'value' in options) await work(trial, trial.create(options.value))
      await work(trial, trial.create())
      for (const how of ['down', 'denied'] as const) await workWhileBroken(trial, how)
      const found = trial.output.find([...secrets, canary])
      expectThat(
        found === undefined,
        () => `expected no secret in the sink's output, but found one in: ${found}`,
      )
    },
  },
  {
    name: 'no-content-leaked',
    title: 'no record content appears in a log line or an outcome, whether or not the record is accepted',
    async run(trial) {
      const canary = `9${randomBytes(8).readBigUInt64BE().toString().padStart(20, '7')}`
      const records = recordsWith(canary, trial.org)
      const journal = new TrialJournal(records)
      await attempt(() => trial.deliver(journal, { batchRecords: 4, flushEvery: 1 }))
      for (const reason of journal.refused.values()) trial.output.addText(reason)
      journal.acknowledged = journal.position(0)
      if (trial.traits.idempotence === 'key') await attempt(() => trial.deliver(journal))
      for (const how of ['down', 'denied'] as const) {
        await workWhileBroken(trial, how, records.slice(0, 1))
      }
      const found = trial.output.find([canary])
      expectThat(
        found === undefined,
        () => `expected no record content in the sink's output, but found some in: ${found}`,
      )
    },
  },
]

/** Returns records that contain the canary: some that most sinks accept, and some that most sinks refuse. */
function recordsWith(canary: string, org: string): readonly CdrRecord[] {
  const fields = { user: canary, calling_number: canary, called_line_id: `of ${canary}` }
  const torn = tornRecord(makeRecord(6, { org }))
  return [
    makeRecord(1, { org, fields, extra: [['AI summary', `about ${canary}`]] }),
    makeRecord(2, { org, fields, extra: [['Duration', canary]] }),
    makeRecord(3, { org, fields: { user: `${canary} \0 \ud800`, location: canary } }),
    makeRecord(4, { org, extra: [[canary, canary]] }),
    makeRecord(5, { org, fields: { user: canary.repeat(50_000) } }),
    Object.defineProperty(torn, 'text', { value: `{"User":"${canary}","Loca` }),
  ]
}

async function collectIssues(trial: Trial, given: object): Promise<void> {
  const result = await attempt(async () => trial.plugin.options['~standard'].validate(given))
  if ('kind' in result) trial.output.addOutcome(result)
  else for (const { message } of result.issues ?? []) trial.output.addText(message)
}

async function workWhileBroken(trial: Trial, how: 'down' | 'denied', records?: readonly CdrRecord[]) {
  const { breakIt, healIt } = trial.certification
  if (breakIt?.[how] === undefined || healIt === undefined) return
  await trial.whileBroken(how, () => work(trial, trial.create(), records))
}

/** Makes all calls to a sink, so that its output is recorded whether they succeed or not. */
async function work(trial: Trial, sink: TrialSink, records = ordinaryRecords(2, trial.org)): Promise<void> {
  const journal = new TrialJournal(records)
  const opened = await sink.open()
  if (opened.kind === 'opened') {
    await sink.write(journal.batch(journal.position(0), { records: 10, bytes: 8_000_000 }))
    await sink.flush()
    await sink.mark([{ org: trial.org, fromMs: 0, completeThroughMs: 1, gaps: [] }])
    await sink.holds(records.map(({ org, key, rank, home }) => ({ org, key, rank, home })))
  }
  for (const { message } of await sink.check()) trial.output.addText(message)
  await sink.release()
}
