// Comes before `tsc` in each build, which would keep the output of files that were moved or deleted.
import { rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
