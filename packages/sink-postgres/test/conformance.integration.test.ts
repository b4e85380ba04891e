import { sinkChecks } from '@cdrstream/testkit'
import { describe, test } from 'vitest'
import { postgresSink } from '../src/postgres-sink.ts'
import certification from './postgres-sink.certification.ts'

describe('the Postgres sink', () => {
  for (const { name, title, run } of sinkChecks(postgresSink, certification)) test(`${name}: ${title}`, run)
})
