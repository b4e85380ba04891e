import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import type { OrgConfiguration } from './configuration/configuration.ts'

/** Names that might belong to the same orgs. */
export interface SuspectedRenaming {
  /** Configured, but not in the journal. */
  readonly unknown: readonly string[]
  /** In the journal, but not configured. */
  readonly missing: readonly string[]
}

/** Renames orgs in the journal according to `formerly`, and warns about orgs that look renamed without it. */
export async function renameOrgs(
  orgs: readonly OrgConfiguration[],
  journal: Pick<SqliteJournal, 'orgs' | 'renameOrg'>,
  log: Logger,
): Promise<void> {
  for (const { name, formerly } of orgs) {
    if (formerly === undefined) continue
    const renaming = await journal.renameOrg(formerly, name)
    switch (renaming) {
      case 'renamed':
        log.info('org renamed in the journal', { org: name, formerly })
        break
      case 'both-known':
        log.warn('formerly is ignored because the journal has records of both names; remove it', {
          org: name,
          formerly,
        })
        break
      case 'unknown':
        break
    }
  }
  const suspected = suspectRenaming(orgs, await journal.orgs())
  if (suspected === undefined) return
  log.warn(
    'some configured orgs are not in the journal, which has others that are not configured; to rename an org without reading its records again, set orgs[].formerly',
    { code: 'org-may-be-renamed', ...suspected },
  )
}

const mostNamed = 5

/** Returns the orgs that look renamed, up to five in each list, or undefined if none do. */
export function suspectRenaming(
  orgs: readonly Pick<OrgConfiguration, 'name' | 'formerly'>[],
  known: readonly string[],
): SuspectedRenaming | undefined {
  const names = new Set(orgs.flatMap(({ name, formerly }) => [name, formerly]))
  const unknown = orgs.filter(
    ({ name, formerly }) => !known.includes(name) && (formerly === undefined || !known.includes(formerly)),
  )
  const missing = known.filter((name) => !names.has(name))
  if (unknown.length === 0 || missing.length === 0) return undefined
  return {
    unknown: unknown.slice(0, mostNamed).map(({ name }) => name),
    missing: missing.slice(0, mostNamed),
  }
}
