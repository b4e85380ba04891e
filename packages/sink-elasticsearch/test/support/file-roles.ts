import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ElasticsearchServer } from '@cdrstream-internal/services'

/** The privileges of a user, named as in Elasticsearch. */
export interface Role {
  readonly cluster: readonly string[]
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[]
}

/** The password of every test user, and its hash as Elasticsearch stores it. */
export const rolePassword = 'minimini'
const passwordHash = '$2a$10$c0u71.fZzcRr1TZIEmg1fugB6xr4oIxo67C5xO9siH.XDv8OzWdUO'

const pollMs = 200

/**
 * Writes these users, each with the role of the same name, to the server's configuration files, because the
 * integration test server cannot store users in an index (and therefore has no API keys). Resolves when the
 * server has read the files, which takes up to 5 s.
 */
export async function writeFileRoles(
  { url, superuser }: ElasticsearchServer,
  roles: Readonly<Record<string, Role>>,
  ask: (path: string, authorization: string) => Promise<unknown>,
): Promise<void> {
  if (superuser === undefined) throw new Error(`${url} has no security`)
  const configuration = dirname(dirname(superuser.ca))
  const users = Object.keys(roles)
  const marker = `marker-${process.hrtime.bigint()}`
  const all = { ...roles, [marker]: { cluster: ['monitor'], indices: [] } }
  // The server parses this file line by line, with one role per line.
  const definitions = Object.entries(all).map(([name, role]) => `${name}: ${JSON.stringify(role)}\n`)
  await writeFile(join(configuration, 'roles.yml'), definitions.join(''))
  const write = async (name: string, kept: string, line: (user: string) => string) => {
    const file = join(configuration, name)
    const own = (await readFile(file, 'utf8')).split('\n').filter((old) => old.startsWith(kept))
    await writeFile(file, `${[...own, ...[...users, marker].map(line)].join('\n')}\n`)
  }
  await write('users_roles', 'superuser:', (user) => `${user}:${user}`)
  await write('users', `${superuser.username}:`, (user) => `${user}:${passwordHash}`)
  // The marker user can sign in only after the server has read all three files.
  while ((await ask('/_cluster/health', basic(marker, rolePassword))) !== true) await wait(pollMs)
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
