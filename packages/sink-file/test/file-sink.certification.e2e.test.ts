import { sinkChecks } from '@cdrstream/testkit'
import { test } from 'vitest'
import { fileSink } from '../src/file-sink.ts'
import certification from './file-sink.certification.ts'

const checks = sinkChecks(fileSink, certification)

test.each(checks)('$name: $title', ({ run }) => run())
