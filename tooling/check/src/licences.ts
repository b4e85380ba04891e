/** A package as listed by `pnpm licenses list --json`. */
export interface LicensedPackage {
  readonly name: string
  readonly license: string
}

/** Licences under which users can redistribute a dependency with this project if they keep its notice. */
const accepted: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
])

/** Tools are not redistributed, so licences that require publishing changes are accepted for them. */
const acceptedForTools: ReadonlySet<string> = new Set([...accepted, 'MPL-2.0', 'CC-BY-4.0', 'CC0-1.0'])

/** Returns the packages whose licence is not accepted, as `name: licence`. */
export function unacceptedLicences(
  packages: readonly LicensedPackage[],
  use: 'redistributed' | 'tool',
): readonly string[] {
  const list = use === 'tool' ? acceptedForTools : accepted
  return packages
    .filter(({ license }) => !alternatives(license).some((name) => list.has(name)))
    .map(({ name, license }) => `${name}: ${license}`)
}

/** `MIT OR Apache-2.0` allows a choice. With `AND`, all conditions apply, and a person must review them. */
function alternatives(license: string): readonly string[] {
  return license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .map((name) => name.trim())
}
