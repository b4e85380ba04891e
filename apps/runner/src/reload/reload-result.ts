import {
  type ConfigurationDifference,
  isUnchanged,
  type NamesDifference,
} from './configuration-difference.ts'

/** The result of a reload. */
export type ReloadResult =
  | { readonly kind: 'reloaded'; readonly difference: ConfigurationDifference }
  /** The old configuration stays in use. Has one line per problem, as printed by `validate`. */
  | { readonly kind: 'refused'; readonly lines: readonly string[] }
  /** The collector is stopping. It reads the new configuration when it next starts. */
  | { readonly kind: 'stopping' }

/** Returns one line that summarizes what a reload changed. */
export function reloadSentence(difference: ConfigurationDifference): string {
  const { orgs, sinks, settings, needRestart } = difference
  const changes = [
    ...subjectChanges('org', orgs),
    ...subjectChanges('sink', sinks),
    ...(settings.length > 0 ? [`${settings.join(', ')} applied`] : []),
  ]
  const changed = isUnchanged(difference) ? 'nothing has changed' : changes.join('; ')
  const waiting = needRestart.length === 0 ? '' : `; restart the collector to apply ${needRestart.join(', ')}`
  return `reloaded: ${changed}${waiting}`
}

const mostNamed = 5

function subjectChanges(subject: string, { added, changed, removed }: NamesDifference): readonly string[] {
  const kinds = [
    [added, 'started'],
    [changed, 'restarted'],
    [removed, 'stopped'],
  ] as const
  return kinds.flatMap(([names, verb]) => {
    if (names.length === 0) return []
    const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
    return [
      `${subject}${names.length === 1 ? '' : 's'} ${names.slice(0, mostNamed).join(', ')}${more} ${verb}`,
    ]
  })
}
