import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { cached } from './cache.ts'
import { freePort } from './free-port.ts'
import { GuardedProcess } from './guarded-process.ts'
import { inServerDirectory, type OwnServer, startOwnServer } from './own-server.ts'
import { copyTree, type ServerDirectory } from './server-directory.ts'

export interface PgBouncer extends OwnServer {
  readonly url: string
}

/**
 * Starts PgBouncer in transaction mode in front of a PostgreSQL server. Throws Error with a remedy if none
 * can be obtained.
 */
export async function startPgBouncer({ postgresUrl }: { readonly postgresUrl: string }): Promise<PgBouncer> {
  const bouncer = fromDebianOrPath()
  return inServerDirectory('pgbouncer', (directory) => startIn(directory, bouncer, postgresUrl))
}

async function startIn(
  directory: ServerDirectory,
  bouncer: ReturnType<typeof fromDebianOrPath>,
  postgresUrl: string,
): Promise<PgBouncer> {
  const { program, libraries } = bouncer(directory.path)
  const { hostname, port, username } = new URL(postgresUrl)
  const listenPort = await freePort()
  const file = join(directory.path, 'pgbouncer.ini')
  writeFileSync(join(directory.path, 'users.txt'), `"${username}" ""\n`)
  writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = trust
auth_file = ${join(directory.path, 'users.txt')}
pool_mode = transaction
default_pool_size = 4
`,
  )
  const env = { ...process.env, ...(libraries !== undefined && { LD_LIBRARY_PATH: libraries }) }
  const log = join(directory.path, 'log')
  const server = new GuardedProcess(
    { program, args: [file], cwd: directory.path, env, user: directory.user, log },
    directory.path,
  )
  const own = await startOwnServer(server, {
    name: 'PgBouncer',
    timeoutMs: 10_000,
    isUp: () => accepts(listenPort),
  })
  return Object.assign(own, { url: `postgres://${username}@127.0.0.1:${listenPort}/postgres` })
}

/**
 * Finds or downloads PgBouncer. Returns a function that copies it to a directory that other users can reach.
 */
function fromDebianOrPath(): (directory: string) => {
  readonly program: string
  readonly libraries?: string
} {
  const onPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].map((path) =>
    join(path, 'pgbouncer'),
  )
  const program = onPath.find(existsSync)
  if (program !== undefined) return () => ({ program })
  const unpacked = fromDebian()
  return (directory) => {
    const tree = join(directory, 'pgbouncer')
    copyTree(unpacked, tree)
    const libraries = join(tree, 'usr/lib')
    const architecture = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu')) ?? ''
    return { program: join(tree, 'usr/sbin/pgbouncer'), libraries: join(libraries, architecture) }
  }
}

/** Unpacks the packages into the cache without installing them. */
function fromDebian(): string {
  const at = cached('pgbouncer')
  if (existsSync(at)) return at
  mkdirSync(dirname(at), { recursive: true })
  const draft = mkdtempSync(`${at}.draft-`)
  try {
    execFileSync('apt-get', ['download', 'pgbouncer', 'libevent-2.1-7', 'libc-ares2'], {
      cwd: draft,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const packages = readdirSync(draft).filter((name) => name.endsWith('.deb'))
    for (const name of packages) execFileSync('dpkg', ['-x', join(draft, name), join(draft, 'tree')])
    renameSync(join(draft, 'tree'), at)
    return at
  } catch (cause) {
    if (existsSync(at)) return at
    throw new Error(
      'PgBouncer is not on the PATH and could not be downloaded from Debian: install the package pgbouncer',
      { cause },
    )
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
