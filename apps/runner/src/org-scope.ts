import { hash } from 'node:crypto'
import type { OrgConfiguration } from './configuration/configuration.ts'

/**
 * What coverage belongs to: the org, and the filter of locations if it has one, since a changed filter has
 * not read what the other one left out. The order of the locations means nothing.
 */
export function orgScope({ name, locations }: Pick<OrgConfiguration, 'name' | 'locations'>): string {
  if (locations.length === 0) return name
  const filter = JSON.stringify([...new Set(locations)].sort())
  return `${name}/${hash('sha256', filter, 'hex').slice(0, 16)}`
}
