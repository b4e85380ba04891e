/**
 * The owner of a sample record, or the other end of a leg. All numbers are from ranges reserved for fiction.
 */
export interface Party {
  readonly uuid: string
  readonly name: string
  readonly number: string
  readonly type: 'User' | 'CallCenterStandard' | 'HuntGroup' | 'LocalGateway'
  readonly site: Site
}

interface Site {
  readonly name: string
  /** The offset from UTC in minutes, as the API writes it. */
  readonly timezone: string
}

const chicago: Site = { name: 'Chicago Office', timezone: '-360' }
const berlin: Site = { name: 'Berlin Office', timezone: '60' }

const party = (id: string, type: Party['type'], name: string, number: string, site: Site): Party => ({
  uuid: `00000000-0000-4000-8000-0000000000${id}`,
  name,
  number,
  type,
  site,
})

export const ada = party('a1', 'User', 'Ada Beispiel', '+13125550101', chicago)
export const bela = party('a2', 'User', 'Bela Ejemplo', '+13125550102', chicago)
export const dora = party('a4', 'User', 'Dora Testerman', '+13125550104', chicago)
export const chidi = party('a3', 'User', 'Chidi Samplesson', '+493023125003', berlin)
/** Another person with the same name. A query that counts by name wrongly merges the two. */
export const namesake = party('a9', 'User', 'Ada Beispiel', '+493023125009', berlin)
export const orders = party('b1', 'CallCenterStandard', 'Orders', '+13125550195', chicago)
export const reception = party('b2', 'HuntGroup', 'Reception', '+13125550190', chicago)
export const gateway = party('b3', 'LocalGateway', 'Chicago Gateway', '', chicago)
