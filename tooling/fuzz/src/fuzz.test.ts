import { expect, it } from 'vitest'
import { realSubject } from './check/subject.ts'
import { runCases } from './run-cases.ts'

// `CDRSTREAM_FUZZ_CASES=1000000 npm test -- tooling/fuzz` runs more cases, and `npm run fuzz` runs the cases
// of a new seed.
const cases = Number(process.env.CDRSTREAM_FUZZ_CASES ?? 100_000)

it(`${cases} responses cause no crash, leak, lost item or memory growth`, {
  timeout: 3_600_000,
}, async () => {
  const { failed, outcomes, accepted, quarantined, repeated, growthBytes } = await runCases({
    seed: 1,
    cases,
    subject: realSubject,
  })
  console.info(
    `${cases} cases: ${accepted} records accepted, ${quarantined} items quarantined, ${growthBytes} bytes more memory`,
  )
  expect(failed).toEqual([])
  // A fuzzer whose cases all fail the first check would prove nothing.
  expect(Math.min(accepted, quarantined, repeated)).toBeGreaterThan(cases / 100)
  for (const outcome of often) expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(cases / 100)
  for (const outcome of seldom) expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(cases / 10_000)
})

const often = ['page', 'last page', 'limited', 'failed body-not-a-page', 'failed link-not-understood']
const seldom = [
  ...[
    'failed body-encoding',
    'failed body-too-large',
    'failed body-late',
    'failed body-cut',
    'failed unreachable',
  ],
  ...['failed region-moved', 'refused region-host-refused', 'refused permission', 'refused window-refused'],
]
