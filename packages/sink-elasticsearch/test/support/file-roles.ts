import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ElasticsearchServer } from '@cdrstream-internal/services'

/** What a user may do, by Elasticsearch's names. */
export interface Role {
  readonly cluster: readonly string[]
  readonly indices: readonly { readonly names: readonly string[]; readonly privileges: readonly string[] }[]
}

/** The password of every user here, and what Elasticsearch keeps of it. */
export const rolePassword = 'minimini'
const passwordHash = '$2a$10$c0u71.fZzcRr1TZIEmg1fugB6xr4oIxo67C5xO9siH.XDv8OzWdUO'

const pollMs = 200

/**
 * Gives a server these users, each with the role of its own name, in the files of its configuration: the form
 * of the server for integration tests cannot keep users in an index, and so has no API keys either. Resolves
 * when the server has read them, which takes it up to 5 s.
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
  // The server reads this file role by role: each begins a line.
  const definitions = Object.entries(all).map(([name, role]) => `${name}: ${JSON.stringify(role)}\n`)
  await writeFile(join(configuration, 'roles.yml'), definitions.join(''))
  const write = async (name: string, kept: string, line: (user: string) => string) => {
    const file = join(configuration, name)
    const own = (await readFile(file, 'utf8')).split('\n').filter((old) => old.startsWith(kept))
    await writeFile(file, `${[...own, ...[...users, marker].map(line)].join('\n')}\n`)
  }
  await write('users_roles', 'superuser:', (user) => `${user}:${user}`)
  await write('users', `${superuser.username}:`, (user) => `${user}:${passwordHash}`)
  // Takes its user, its role, and that it has it: all three files.
  while ((await ask('/_cluster/health', basic(marker, rolePassword))) !== true) await wait(pollMs)
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}
