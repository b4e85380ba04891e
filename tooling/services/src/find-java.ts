import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The home of a Java that is new enough. Throws Error with what was looked at if there is none. */
export function findJava(leastMajor: number): string {
  const candidates = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME, ...besideJavaOnPath()]
  const homes = [...new Set(candidates.flatMap((home) => home || []))]
  const found = homes.find((home) => javaMajor(home) >= leastMajor)
  if (found !== undefined) return found
  throw new Error(
    `Elasticsearch needs Java ${leastMajor} or newer; looked at ES_JAVA_HOME, JAVA_HOME and ${homes.join(', ') || 'the PATH'}: ` +
      'install one, or set CDRSTREAM_TEST_ELASTICSEARCH_URL to the address of an Elasticsearch 9 of your own',
  )
}

function besideJavaOnPath(): readonly string[] {
  const directory = (process.env.PATH ?? '').split(delimiter).find((path) => existsSync(join(path, 'java')))
  if (directory === undefined) return []
  const home = dirname(dirname(realpathSync(join(directory, 'java'))))
  const siblings = dirname(home)
  return [home, ...readdirSync(siblings).map((name) => join(siblings, name))]
}

/** 0 if there is no Java. */
function javaMajor(home: string): number {
  const java = join(home, 'bin', 'java')
  if (!existsSync(java)) return 0
  const { stderr } = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' })
  return Number(/java\.specification\.version = (\d+)/.exec(stderr)?.[1] ?? 0)
}
