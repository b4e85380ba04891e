import { hash } from 'node:crypto'
import type { OrgConfiguration } from './configuration/configuration.ts'

/**
 * Returns the scope that coverage belongs to: the org and its location filter, if any. A changed filter is a
 * new scope, because the records that the old filter excluded have not been read. The order of the locations
 * does not matter.
 */
export function orgScope({ name, locations }: Pick<OrgConfiguration, 'name' | 'locations'>): string {
  if (locations.length === 0) return name
  const filter = JSON.stringify([...new Set(locations)].sort())
  return `${name}/${hash('sha256', filter, 'hex').slice(0, 16)}`
}
