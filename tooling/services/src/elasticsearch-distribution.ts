import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { cached, removeAbandonedDrafts } from './cache.ts'

const run = promisify(execFile)
const version = '9.2.0'
const artifact = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${version}:zip`
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1'
const advice = 'install Maven, or set CDRSTREAM_TEST_ELASTICSEARCH_URL to the URL of your own Elasticsearch 9'

/**
 * Returns the directory of Elasticsearch's minimal distribution for integration tests, and downloads it from
 * Maven Central if it is not in the cache.
 */
export async function elasticsearchDistribution(): Promise<string> {
  const at = cached(`elasticsearch-${version}`)
  if (existsSync(at)) return at
  console.error(`Downloading Elasticsearch ${version} from Maven Central into ${at} …`)
  await mkdir(dirname(at), { recursive: true })
  await removeAbandonedDrafts(at)
  const draft = await mkdtemp(`${at}.draft-`)
  try {
    await maven([`${plugin}:get`, `-Dartifact=${artifact}`, '-Dtransitive=false'], draft)
    const copy = ['-Dmdep.useBaseVersion=true', `-Dartifact=${artifact}`, `-DoutputDirectory=${draft}`]
    await maven([`${plugin}:unpack`, ...copy], draft)
    // A concurrent run may have created the directory in the meantime. Its copy is just as good.
    await rename(join(draft, `elasticsearch-${version}`), at).catch((cause) => {
      if (!existsSync(at)) throw cause
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return at
}

async function maven(args: readonly string[], cwd: string): Promise<void> {
  try {
    await run('mvn', ['-q', '-B', ...args], { cwd, maxBuffer: 2 ** 26 })
  } catch (cause) {
    const { code, stdout = '' } = cause as NodeJS.ErrnoException & { readonly stdout?: string }
    const reason =
      code === 'ENOENT'
        ? 'there is no mvn on the PATH'
        : stdout.split('\n').find((line) => line.includes('ERROR'))
    throw new Error(
      `Elasticsearch ${version} cannot be downloaded from Maven Central (${reason ?? 'mvn failed'}): ${advice}`,
    )
  }
}
