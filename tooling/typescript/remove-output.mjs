// Runs before `tsc` in each build, because `tsc` would keep the output of moved or deleted files.
import { rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
