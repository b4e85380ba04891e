// Repairs what can be repaired without a person: comments that are too wide, format, and safe lint fixes.
import { runStep } from './run-step.ts'

const repairs = [
  { name: 'comments', program: 'node', args: ['tooling/check/src/check-comments.ts', '--write'] },
  { name: 'format and lint', program: 'biome', args: ['check', '--write'] },
]
for (const repair of repairs) {
  if ((await runStep(repair)) !== 'passed') process.exitCode = 1
}
