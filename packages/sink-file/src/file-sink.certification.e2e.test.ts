import { sinkChecks } from '@cdrstream/testkit'
import { test } from 'vitest'
import certification from './file-sink.certification.ts'
import { fileSink } from './file-sink.ts'

const checks = sinkChecks(fileSink, certification)

test.each(checks)('$name: $title', ({ run }) => run())
