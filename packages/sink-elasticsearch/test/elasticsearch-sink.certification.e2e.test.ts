import { sinkChecks } from '@cdrstream/testkit'
import { sharedElasticsearchUrl } from '@cdrstream-internal/services'
import { beforeAll, describe, test } from 'vitest'
import { elasticsearchSink } from '../src/index.ts'
import certification from './elasticsearch-sink.certification.ts'
import { serverStartMs } from './support/test-places.ts'

beforeAll(async () => {
  await sharedElasticsearchUrl()
}, serverStartMs)

describe('the Elasticsearch sink', () => {
  for (const { name, title, run } of sinkChecks(elasticsearchSink, certification))
    test(`${name}: ${title}`, run)
})
