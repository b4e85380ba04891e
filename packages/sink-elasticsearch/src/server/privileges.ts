import type { IndexNames } from '../indices/index-names.ts'

/** A privilege of a user, named as in Elasticsearch. */
export interface Privilege {
  readonly scope: 'cluster' | 'index'
  readonly name: string
  /** The indices that the privilege applies to. Empty for a cluster privilege. */
  readonly indices: readonly string[]
}

export function clusterPrivilege(name: 'monitor' | 'manage_index_templates'): Privilege {
  return { scope: 'cluster', name, indices: [] }
}

export function indexPrivilege(
  name: 'create_index' | 'index' | 'read' | 'view_index_metadata' | 'maintenance' | 'delete_index',
  ...indices: readonly string[]
): Privilege {
  return { scope: 'index', name, indices }
}

/** Returns a description of a privilege, such as `the index privilege read on cdr-2*.*`. */
export function describePrivilege({ scope, name, indices }: Privilege): string {
  return scope === 'cluster'
    ? `the cluster privilege ${name}`
    : `the index privilege ${name} on ${indices.join(' and ')}`
}

/** Returns the privileges that the sink always needs. Putting its template needs one more. */
export function requiredPrivileges(
  { monthlyPattern, coverage, journals }: IndexNames,
  { manageTemplate, retentionMs }: { readonly manageTemplate: boolean; readonly retentionMs?: number },
): readonly Privilege[] {
  const all = [monthlyPattern, coverage, journals]
  return [
    ...(manageTemplate ? [clusterPrivilege('monitor')] : []),
    indexPrivilege('create_index', ...all),
    indexPrivilege('index', ...all),
    indexPrivilege('read', ...all),
    indexPrivilege('view_index_metadata', monthlyPattern),
    indexPrivilege('maintenance', monthlyPattern),
    ...(retentionMs === undefined ? [] : [indexPrivilege('delete_index', monthlyPattern)]),
  ]
}
