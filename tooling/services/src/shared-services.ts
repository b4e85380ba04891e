/** Where the test run's own servers are asked for: set by `shared-services-setup.ts`. */
export const brokerVariable = 'CDRSTREAM_TEST_SERVICES'

/**
 * The PostgreSQL that all tests of a run share: take a schema of your own. Started when it is first asked
 * for.
 */
export function sharedPostgresUrl(): Promise<string> {
  return shared('CDRSTREAM_TEST_POSTGRES_URL', 'postgres')
}

/**
 * The Elasticsearch that all tests of a run share: take an index prefix of your own. Started when it is first
 * asked for.
 */
export function sharedElasticsearchUrl(): Promise<string> {
  return shared('CDRSTREAM_TEST_ELASTICSEARCH_URL', 'elasticsearch')
}

async function shared(variable: string, service: 'postgres' | 'elasticsearch'): Promise<string> {
  const own = process.env[variable]
  if (own !== undefined && own !== '') return own
  const broker = process.env[brokerVariable]
  if (broker === undefined) {
    throw new Error(
      `set ${variable}, or run this as *.integration.test.ts or *.e2e.test.ts, which have servers`,
    )
  }
  const response = await fetch(`${broker}/${service}`)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
