// Runs seeds one after the other until one fails, and prints its number and then what went wrong; `npm run
// mutants` does so with a planted bug. The arguments are the first seed and the last one. Prints nothing if
// none fails.
import { checkSeeds } from './check-seeds.ts'

const [first, last] = process.argv.slice(2).map(Number)
if (first === undefined || last === undefined)
  throw new RangeError('expected the first seed and the last one')
for (let seed = first; seed <= last; seed += 1) {
  const [failure] = (await checkSeeds([seed])).failed
  if (failure === undefined) continue
  console.log(`${seed} ${failure}`)
  break
}
