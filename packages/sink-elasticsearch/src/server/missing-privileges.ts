import { SinkFault } from '@cdrstream/sink-kit'
import { type Privilege, wordingOf } from './privileges.ts'
import type { Server } from './server.ts'

/** What `_has_privileges` answers, which every user may ask about itself. */
interface HasPrivileges {
  readonly cluster?: Readonly<Record<string, boolean>>
  readonly index?: Readonly<Record<string, Readonly<Record<string, boolean>>>>
}

/**
 * Which of these the user lacks. None where the server has its security switched off: it does not know the
 * question then.
 */
export async function missingPrivileges(
  server: Server,
  required: readonly Privilege[],
  signal: AbortSignal,
): Promise<readonly Privilege[]> {
  const { status, body } = await server.ask({
    method: 'POST',
    path: '/_security/user/_has_privileges',
    body: {
      cluster: required.filter(({ scope }) => scope === 'cluster').map(({ name }) => name),
      index: required
        .filter(({ scope }) => scope === 'index')
        .map(({ name, indices }) => ({ names: indices, privileges: [name] })),
    },
    expected: [400, 404, 405],
    isQuotable: true,
    signal,
  })
  if (status !== 200) return []
  const { cluster = {}, index = {} } = body as HasPrivileges
  return required.filter(({ scope, name, indices }) =>
    scope === 'cluster'
      ? cluster[name] === false
      : indices.some((pattern) => index[pattern]?.[name] === false),
  )
}

export function missingPrivilegesFault(missing: readonly Privilege[]): SinkFault {
  return new SinkFault('forbidden', `grant the user ${missing.map(wordingOf).join(', ')}`)
}
