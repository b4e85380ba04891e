// A setup file of vitest. Seed tests run at a low priority, because tests that run beside them depend on
// time.
import { setPriority } from 'node:os'

const belowNormal = 10

setPriority(belowNormal)
