/** A package as `pnpm licenses list --json` has it. */
export interface LicensedPackage {
  readonly name: string
  readonly license: string
}

/** What a user may pass on under the licence of this project, with no more to do than to keep the notice. */
const accepted: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
])

/** A tool that is not passed on may also ask that changes of itself are. */
const acceptedForTools: ReadonlySet<string> = new Set([...accepted, 'MPL-2.0', 'CC-BY-4.0', 'CC0-1.0'])

/** The packages whose licence nobody has accepted, as `name: licence`. */
export function unacceptedLicences(
  packages: readonly LicensedPackage[],
  use: 'passed-on' | 'tool',
): readonly string[] {
  const list = use === 'tool' ? acceptedForTools : accepted
  return packages
    .filter(({ license }) => !alternatives(license).some((name) => list.has(name)))
    .map(({ name, license }) => `${name}: ${license}`)
}

/** `MIT OR Apache-2.0` leaves the choice. With `AND` all hold, and a person has to look. */
function alternatives(license: string): readonly string[] {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .map((name) => name.trim())
}
