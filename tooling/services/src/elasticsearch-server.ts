import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { elasticsearchDistribution } from './elasticsearch-distribution.ts'
import { findJava } from './find-java.ts'
import { freePort } from './free-port.ts'
import { GuardedProcess } from './guarded-process.ts'
import { inServerDirectory, type OwnServer, startOwnServer } from './own-server.ts'
import { copyTree, type ServerDirectory } from './server-directory.ts'

export interface ElasticsearchOptions {
  /**
   * Whether to enable TLS, users and privileges. Default: false, which means plain HTTP without any access
   * control.
   */
  readonly security?: boolean
  /** Default: 512. */
  readonly heapMegabytes?: number
}

export interface ElasticsearchServer extends OwnServer {
  /** The URL without user and password. */
  readonly url: string
  /**
   * With `security`: the superuser's credentials, and the CA certificate (PEM file) that signed the server
   * certificate.
   */
  readonly superuser?: { readonly username: string; readonly password: string; readonly ca: string }
}

/** Starts an Elasticsearch 9 server. Throws Error with a remedy if none can be obtained. */
export function startElasticsearch(options: ElasticsearchOptions = {}): Promise<ElasticsearchServer> {
  return inServerDirectory('elasticsearch', (directory) => startIn(directory, options))
}

async function startIn(
  directory: ServerDirectory,
  { security = false, heapMegabytes = 512 }: ElasticsearchOptions,
): Promise<ElasticsearchServer> {
  const javaHome = findJava(21)
  const home = join(directory.path, 'home')
  copyTree(await elasticsearchDistribution(), home)
  const work = directory.own('work')
  const config = join(work, 'config')
  cpSync(join(home, 'config'), config, { recursive: true })
  for (const name of ['data', 'logs', 'temporary']) directory.own(join('work', name))
  const { user } = directory
  if (user.uid !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, work])
  const [port, transportPort] = [await freePort(), await freePort()]
  const env = {
    PATH: process.env.PATH,
    HOME: work,
    ES_JAVA_HOME: javaHome,
    ES_JAVA_OPTS: `-Xms${heapMegabytes}m -Xmx${heapMegabytes}m`,
    ES_PATH_CONF: config,
    ES_TMPDIR: join(work, 'temporary'),
  }
  const settings = {
    'discovery.type': 'single-node',
    // Enabled by default, with certificates that the server creates at its first start.
    ...(!security && { 'xpack.security.enabled': false }),
    'network.host': '127.0.0.1',
    'http.port': port,
    'transport.port': transportPort,
    'path.data': join(work, 'data'),
    'path.logs': join(work, 'logs'),
    // The tests must not depend on how full the disk is.
    'cluster.routing.allocation.disk.threshold_enabled': false,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-E', `${name}=${value}`])
  const program = join(home, 'bin', 'elasticsearch')
  const server = new GuardedProcess(
    { program, args, cwd: work, env, user, log: join(directory.path, 'log') },
    directory.path,
  )
  const superuser = { username: 'test-superuser', password: randomUUID() }
  if (security) addSuperuser(home, superuser, { ...user, cwd: work, env })
  const url = `${security ? 'https' : 'http'}://127.0.0.1:${port}`
  const own = await startOwnServer(server, {
    name: 'Elasticsearch',
    timeoutMs: 120_000,
    // With security, health requests require authentication.
    isUp: () => (security ? server.hasLogged(/Node.*\] started/) : isHealthy(url)),
  })
  return Object.assign(own, {
    url,
    ...(security && { superuser: { ...superuser, ca: join(config, 'certs', 'http_ca.crt') } }),
  })
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=1s`)).ok
  } catch {
    return false
  }
}

/**
 * Adds the user to a file. The minimal distribution cannot store users in an index, because it lacks a
 * required filter.
 */
function addSuperuser(
  home: string,
  { username, password }: { readonly username: string; readonly password: string },
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): void {
  const args = ['useradd', username, '-p', password, '-r', 'superuser']
  execFileSync(join(home, 'bin', 'elasticsearch-users'), args, {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
