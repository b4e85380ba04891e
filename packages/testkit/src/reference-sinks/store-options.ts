import type { SinkPlugin } from '@cdrstream/plugin'

/** The options of the reference sinks. */
export interface StoreOptions {
  /** The file to write. */
  readonly path: string
  /** Not used, except to check that the sink keeps it secret. */
  readonly password?: string
}

const known = new Set(['path', 'password'])

/** A hand-written schema, equivalent to a zod, valibot or arktype schema. */
export const storeOptions: SinkPlugin<StoreOptions>['options'] = {
  '~standard': {
    version: 1,
    vendor: 'cdrstream',
    validate(given) {
      const { path, ...others } = given as Readonly<Record<string, unknown>>
      const unknown = Object.keys(others).filter((name) => !known.has(name))
      const issues = unknown.map((name) => ({ message: `unknown option: ${name}` }))
      if (typeof path !== 'string') issues.push({ message: 'path: expected the path of a file as a string' })
      return issues.length > 0 ? { issues } : { value: given as StoreOptions }
    },
  },
}
