// A vitest setup file. Seed tests run at a low priority, because other tests that run at the same time depend
// on time.
import { setPriority } from 'node:os'

const belowNormal = 10

setPriority(belowNormal)
