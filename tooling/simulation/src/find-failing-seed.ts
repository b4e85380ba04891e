// Runs seeds one after the other until one fails, and prints its number and what went wrong. Prints nothing
// if all pass. The arguments are the first and the last seed. `npm run mutants` uses it with a planted bug.
import { checkSeeds } from './check-seeds.ts'

const [first, last] = process.argv.slice(2).map(Number)
if (first === undefined || last === undefined)
  throw new RangeError('expected two arguments: the first and the last seed')
for (let seed = first; seed <= last; seed += 1) {
  const [failure] = (await checkSeeds([seed])).failed
  if (failure === undefined) continue
  console.log(`${seed} ${failure}`)
  break
}
