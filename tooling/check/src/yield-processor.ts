// A setup file of vitest. Tests of seeds get what the processors have left: next to them, others measure
// time.
import { setPriority } from 'node:os'

const belowNormal = 10

setPriority(belowNormal)
