import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * Returns the home directory of a Java installation with at least this major version. Throws an Error that
 * lists the searched places if there is none.
 */
export function findJava(minMajor: number): string {
  const candidates = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME, ...besideJavaOnPath()]
  const homes = [...new Set(candidates.flatMap((home) => home || []))]
  const found = homes.find((home) => javaMajor(home) >= minMajor)
  if (found !== undefined) return found
  throw new Error(
    `Elasticsearch needs Java ${minMajor} or newer, and none was found in ES_JAVA_HOME, JAVA_HOME or ${homes.join(', ') || 'the PATH'}: ` +
      'install one, or set CDRSTREAM_TEST_ELASTICSEARCH_URL to the URL of your own Elasticsearch 9',
  )
}

function besideJavaOnPath(): readonly string[] {
  const directory = (process.env.PATH ?? '').split(delimiter).find((path) => existsSync(join(path, 'java')))
  if (directory === undefined) return []
  const home = dirname(dirname(realpathSync(join(directory, 'java'))))
  const siblings = dirname(home)
  return [home, ...readdirSync(siblings).map((name) => join(siblings, name))]
}

/** Returns the major version, or 0 if there is no Java. */
function javaMajor(home: string): number {
  const java = join(home, 'bin', 'java')
  if (!existsSync(java)) return 0
  const { stderr } = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' })
  return Number(/java\.specification\.version = (\d+)/.exec(stderr)?.[1] ?? 0)
}
