// Fixes what can be fixed automatically: comments that are too wide, formatting, and safe lint fixes.
import { runStep } from './run-step.ts'

const fixes = [
  { name: 'comments', program: 'node', args: ['tooling/check/src/check-comments.ts', '--write'] },
  { name: 'format and lint', program: 'biome', args: ['check', '--write'] },
]
for (const fix of fixes) {
  if ((await runStep(fix)) !== 'passed') process.exitCode = 1
}
