// The program of `npm run fuzz`: runs a million cases with a new seed, or the given cases.
import { parseArgs } from 'node:util'
import { realSubject } from './check/subject.ts'
import { makeCase } from './make/make-case.ts'
import { runCases } from './run-cases.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    cases: { type: 'string', default: '1000000' },
    case: { type: 'string' },
  },
})
const seed = Number(values.seed)
const only = values.case === undefined ? undefined : Number(values.case)
const cases = only === undefined ? Number(values.cases) : 1
if (![seed, cases, only ?? 0].every((value) => Number.isSafeInteger(value) && value >= 0))
  throw new RangeError('expected whole numbers for --seed, --cases and --case')

console.log(`seed ${seed}, ${only === undefined ? `${cases} cases` : `case ${only}`}`)
if (only !== undefined) console.log(makeCase(seed, only))
const fromMs = performance.now()
const { failed, outcomes, ...counts } = await runCases({
  seed,
  from: only ?? 0,
  cases,
  subject: realSubject,
  onProgress: (done) => {
    if (done % 100_000 === 0) console.log(`${done} cases, ${secondsSince(fromMs)} s`)
  },
})
console.table(Object.fromEntries([...outcomes].sort(([, a], [, b]) => b - a)))
console.log(counts)
for (const { kind, detail, case: number } of failed)
  console.log(`${kind}: ${detail}\n  replay: npm run fuzz -- --seed ${seed} --case ${number}`)
console.log(`${cases} cases, ${secondsSince(fromMs)} s`)
console.log(`${failed.length === 0 ? 1 : 0} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1

function secondsSince(ms: number): string {
  return ((performance.now() - ms) / 1_000).toFixed(1)
}
