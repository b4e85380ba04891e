import { sinkChecks } from '@cdrstream/testkit'
import { describe, test } from 'vitest'
import { postgresSink } from './postgres-sink.ts'
import certification from './testing/postgres-sink.certification.ts'

describe('the Postgres sink', () => {
  for (const { name, title, run } of sinkChecks(postgresSink, certification)) test(`${name}: ${title}`, run)
})
