import type { SimpleSink, Sink, SinkPlugin } from '@cdrstream/plugin'
import { type SinkProblem, sinkProblem } from './sink-problem.ts'

/** The version of the sink interface that this cdrstream supports. */
const contractVersion = 1
const expected = 'a module whose default export is a sink plugin'

/** A plugin for either form of sink, with any options. */
export type AnyPlugin = SinkPlugin<unknown, Sink | SimpleSink>

export type ReadSinkPlugin = { readonly kind: 'plugin'; readonly plugin: AnyPlugin } | SinkProblem

/**
 * Returns the sink plugin that a module exports, or the reason why it does not export a plugin of this
 * version.
 */
export function readSinkPlugin(exports: object): ReadSinkPlugin {
  const plugin = propertyOf(exports, 'default')
  if (plugin === undefined) return wrong('it has no default export')
  const version = propertyOf(plugin, 'cdrstream')
  if (version === undefined) return wrong('its default export has no `cdrstream: 1`')
  if (version !== contractVersion) {
    const found = typeof version === 'number' ? `version ${version}` : `a ${typeof version} as its version`
    const newer = typeof version === 'number' && version > contractVersion
    return sinkProblem(
      'sink-wrong-version',
      `a sink plugin for version ${contractVersion} of the interface`,
      `it has ${found}${newer ? ': a newer cdrstream is needed' : ''}`,
    )
  }
  const lacking = parts.filter(([part, isRight]) => !isRight(propertyOf(plugin, part)))
  return isPlugin(plugin, lacking.length)
    ? { kind: 'plugin', plugin }
    : wrong(`its default export is missing ${lacking.map(([, , what]) => what).join(', ')}`)
}

const idempotences: readonly unknown[] = ['key', 'position', 'none']

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const parts: readonly (readonly [part: string, isRight: (value: unknown) => boolean, what: string])[] = [
  ['name', (value) => typeof value === 'string' && value !== '', 'name (a string)'],
  [
    'options',
    (value) => typeof propertyOf(propertyOf(value, '~standard'), 'validate') === 'function',
    'options (a standard schema)',
  ],
  [
    'traits',
    (value) => typeof value === 'function' || idempotences.includes(propertyOf(value, 'idempotence')),
    `traits with idempotence ${idempotences.join(', ')} (or a function of the options)`,
  ],
  ['create', (value) => typeof value === 'function', 'create (a function)'],
]

function isPlugin(value: unknown, lacking: number): value is AnyPlugin {
  return isObject(value) && lacking === 0
}

function wrong(reason: string): SinkProblem {
  return sinkProblem('sink-wrong-export', expected, reason)
}

/** A schema can be a function with properties. */
function propertyOf(value: unknown, key: string): unknown {
  return isObject(value) || typeof value === 'function' ? Reflect.get(value, key) : undefined
}
