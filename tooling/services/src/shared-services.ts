/**
 * The variable with the URL from which tests request the run's servers. Set by `shared-services-setup.ts`.
 */
export const brokerVariable = 'CDRSTREAM_TEST_SERVICES'

/**
 * Returns the URL of the PostgreSQL server shared by all tests in a run, and starts the server on first use.
 * Each test uses its own schema.
 */
export function sharedPostgresUrl(): Promise<string> {
  return shared('CDRSTREAM_TEST_POSTGRES_URL', 'postgres')
}

/**
 * Returns the URL of the Elasticsearch server shared by all tests in a run, and starts the server on first
 * use. Each test uses its own index prefix.
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
      `no shared server: set ${variable}, or name the test *.integration.test.ts or *.e2e.test.ts`,
    )
  }
  const response = await fetch(`${broker}/${service}`)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
