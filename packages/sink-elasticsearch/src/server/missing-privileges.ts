import { SinkFault } from '@cdrstream/sink-kit'
import { z } from 'zod'
import { describePrivilege, type Privilege } from './privileges.ts'
import type { Server } from './server.ts'

/** The response from `_has_privileges`, which all users may call for themselves. */
const granted = z.record(z.string(), z.boolean())
const hasPrivileges = z.object({ cluster: granted, index: z.record(z.string(), granted) })

/**
 * Returns which of these privileges the user lacks. If the server's security features are disabled, the
 * server rejects the request, and no privilege is missing.
 */
export async function missingPrivileges(
  server: Server,
  required: readonly Privilege[],
  signal: AbortSignal,
): Promise<readonly Privilege[]> {
  const answer = await server.ask({
    method: 'POST',
    path: '/_security/user/_has_privileges',
    body: {
      cluster: required.filter(({ scope }) => scope === 'cluster').map(({ name }) => name),
      index: required
        .filter(({ scope }) => scope === 'index')
        .map(({ name, indices }) => ({ names: indices, privileges: [name] })),
    },
    answer: hasPrivileges,
    expected: [400, 404, 405],
    isQuotable: true,
    signal,
  })
  if (answer === undefined) return []
  const { cluster, index } = answer
  return required.filter(({ scope, name, indices }) =>
    scope === 'cluster'
      ? cluster[name] === false
      : indices.some((pattern) => index[pattern]?.[name] === false),
  )
}

/** Returns the fault for missing privileges. */
export function missingPrivilegesFault(missing: readonly Privilege[]): SinkFault {
  return new SinkFault('forbidden', `grant the user ${missing.map(describePrivilege).join(', ')}`)
}
