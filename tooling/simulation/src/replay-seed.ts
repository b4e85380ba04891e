// Runs the seed given as the argument again, and prints what went wrong.
import { checkSeeds } from './check-seeds.ts'

const seed = Number(process.argv[2])
if (!Number.isSafeInteger(seed) || seed < 1) throw new RangeError('expected the number of a seed')
const { failed, records, kills } = await checkSeeds([seed])
for (const failure of failed) console.log(failure)
console.log(`seed ${seed}: ${failed.length === 0 ? 'passed' : 'FAILED'}, ${records} records, ${kills} kills`)
if (failed.length > 0) process.exitCode = 1
