import { SinkFault } from '@cdrstream/sink-kit'
import { z } from 'zod'
import { type Privilege, wordingOf } from './privileges.ts'
import type { Server } from './server.ts'

/** What `_has_privileges` answers, which every user may ask about itself. */
const granted = z.record(z.string(), z.boolean())
const hasPrivileges = z.object({ cluster: granted, index: z.record(z.string(), granted) })

/**
 * Which of these the user lacks. None where the server has its security switched off: it does not know the
 * question then.
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

export function missingPrivilegesFault(missing: readonly Privilege[]): SinkFault {
  return new SinkFault('forbidden', `grant the user ${missing.map(wordingOf).join(', ')}`)
}
