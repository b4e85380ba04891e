import { type Chance, uuidOf } from '../chance.ts'

/** A small fictional company. Its numbers are in the range reserved for fiction (555-01xx). */
export interface Directory {
  readonly orgUuid: string
  readonly sites: readonly Site[]
  readonly people: readonly Person[]
  readonly huntGroups: readonly Group[]
  readonly queues: readonly Group[]
}

interface Site {
  readonly uuid: string
  readonly name: string
  readonly mainNumber: string
  /** The offset from UTC in minutes. */
  readonly timezone: string
}

export interface Person {
  readonly uuid: string
  readonly name: string
  readonly number: string
  readonly extension: string
  readonly site: Site
  readonly mac: string
  readonly model: string
  readonly clientType: string
  readonly clientVersion: string
  readonly osType: string
}

export interface Group {
  readonly uuid: string
  /** The Related reason and Redirect reason of the calls that it forwards to its members. */
  readonly reason: 'HuntGroup' | 'CallQueue'
  readonly name: string
  readonly number: string
  readonly site: Site
  readonly members: readonly Person[]
}

const firstNames = [
  'Ada',
  'Bela',
  'Chidi',
  'Dora',
  'Emil',
  'Farah',
  'Goran',
  'Hana',
  'Ivo',
  'Jude',
  'Kaya',
  'Lars',
] as const
const lastNames = [
  'Beispiel',
  'Ejemplo',
  'Fictionberg',
  'Grünmuster',
  'Inventini',
  'Mockingham',
  'Nonesuch',
  'Placeholder',
  'Samplesson',
  'Testerman',
] as const
const towns = ['Northfield', 'Eastport', 'Südhafen', 'Westbrook', 'Midtown'] as const

export function makeDirectory(chance: Chance, orgUuid?: string): Directory {
  const sites = towns.map((town, index) => ({
    uuid: uuidOf(chance),
    name: `${town} Office`,
    mainNumber: `+1${200 + index}5550100`,
    timezone: String(chance.oneOf([-480, -420, 0, 60, 330])),
  }))
  const people = Array.from({ length: 200 }, (_, index) => makePerson(chance, index, chance.oneOf(sites)))
  const group = (reason: Group['reason'], name: string, number: string): Group => {
    const site = chance.oneOf(sites)
    const members = [...new Set(Array.from({ length: 6 }, () => chance.oneOf(people)))]
    return { uuid: uuidOf(chance), reason, name, number, site, members }
  }
  return {
    orgUuid: orgUuid ?? uuidOf(chance),
    sites,
    people,
    huntGroups: [
      group('HuntGroup', 'Reception', '+13005550190'),
      group('HuntGroup', 'Service Desk', '+13015550191'),
      group('HuntGroup', 'Dispatch', '+13025550192'),
    ],
    queues: [group('CallQueue', 'Orders', '+13105550195'), group('CallQueue', 'Support', '+13115550196')],
  }
}

function makePerson(chance: Chance, index: number, site: Site): Person {
  const desk = chance.happens(0.5)
  return {
    uuid: uuidOf(chance),
    name: `${chance.oneOf(firstNames)} ${chance.oneOf(lastNames)}`,
    number: `+1${210 + (index % 700)}55501${String(index % 100).padStart(2, '0')}`,
    extension: String(2_000 + index),
    site,
    mac: desk ? chance.hex(12).toUpperCase() : '',
    model: desk ? chance.oneOf(['Cisco 8851', 'Cisco 9861', 'Desk Pro']) : 'na',
    clientType: desk ? 'WXC_DEVICE' : 'WXC_CLIENT',
    clientVersion: desk ? '' : `45.${chance.integer(1, 12)}.0.${chance.integer(30_000, 34_000)}`,
    osType: desk ? 'na' : chance.oneOf(['win', 'mac', 'ios', 'android']),
  }
}

/** Returns a number outside the company, in the same country. */
export function outsideNumber(chance: Chance): string {
  return `+1${chance.integer(201, 989)}55501${String(chance.integer(0, 99)).padStart(2, '0')}`
}

/** Returns a British number from the range reserved for fiction. */
export function numberAbroad(chance: Chance): string {
  return `+442079460${String(chance.integer(0, 999)).padStart(3, '0')}`
}
