import { SinkFault } from '@cdrstream/sink-kit'
import type { ServerError } from './server-error.ts'

/**
 * Returns what a person has to fix, for errors that are about an index, the cluster or the license whatever
 * the request was; undefined for all others. No record is to blame for one of these.
 */
export function diagnoseError(
  status: number,
  { type, reason, index = '', unlicensedFeature }: ServerError,
  indexPattern: string,
): SinkFault | undefined {
  switch (type) {
    case 'cluster_block_exception':
      return status < 500 ? diagnoseBlock(status, reason, indexPattern) : undefined
    case 'index_closed_exception':
      return indexClosed(index, indexPattern)
    case 'security_exception':
      return unlicensedFeature === undefined ? undefined : notLicensed(unlicensedFeature)
    default:
      return undefined
  }
}

/** Returns what to do about an index that is closed. `name` is empty if Elasticsearch does not name it. */
export function indexClosed(name: string, indexPattern: string): SinkFault {
  return name === ''
    ? new SinkFault('index-closed', `open the closed index among ${indexPattern}: POST /NAME/_open`)
    : new SinkFault('index-closed', `open the index ${name}, which is closed: POST /${name}/_open`)
}

/** The settings that block an index, without `index.blocks.`. */
export const blockSettings = ['read_only_allow_delete', 'read_only', 'write', 'read', 'metadata'] as const

export type BlockSetting = (typeof blockSettings)[number]

/** Returns what to do about a setting that blocks an index. */
export function indexBlocked(name: string, settings: readonly BlockSetting[]): SinkFault {
  if (settings.includes('read_only_allow_delete')) {
    return new SinkFault(
      'disk-full',
      `free space on the disks of Elasticsearch (GET /_cat/allocation?v): it blocks the index ${name} because a disk is nearly full, and removes the block by itself once there is room`,
    )
  }
  const none = Object.fromEntries(settings.map((setting) => [`index.blocks.${setting}`, null]))
  return new SinkFault(
    'index-blocked',
    `remove the block from the index ${name}: PUT /${name}/_settings ${JSON.stringify(none)}`,
  )
}

/** Elasticsearch's own numbers of blocks: it has no other name for them in an answer. */
const indexBlocks: Readonly<Record<string, BlockSetting>> = {
  5: 'read_only',
  7: 'read',
  8: 'write',
  9: 'metadata',
  12: 'read_only_allow_delete',
}
const clusterBlocks: Readonly<Record<string, string>> = {
  6: 'cluster.blocks.read_only',
  13: 'cluster.blocks.read_only_allow_delete',
}

/** A reason is `index [cdr-2026.11] blocked by: [FORBIDDEN/8/index write (api)];`. */
function diagnoseBlock(status: number, reason: string, indexPattern: string): SinkFault {
  const name = /^index \[([\w.-]+)\]/.exec(reason)?.[1] ?? indexPattern
  const numbers = [...reason.matchAll(/\[[A-Z_]+\/(\d+)\//g)].map(([, number = '']) => number)
  const ofCluster = numbers.flatMap((number) => clusterBlocks[number] ?? [])
  if (ofCluster.length > 0) {
    const none = Object.fromEntries(ofCluster.map((setting) => [setting, null]))
    return new SinkFault(
      'cluster-blocked',
      `remove the block from the cluster: PUT /_cluster/settings ${JSON.stringify({ persistent: none, transient: none })}`,
    )
  }
  if (numbers.includes('4')) return indexClosed(name, indexPattern)
  const settings = numbers.flatMap((number) => indexBlocks[number] ?? [])
  if (status === 429) return indexBlocked(name, ['read_only_allow_delete'])
  return settings.length > 0
    ? indexBlocked(name, settings)
    : new SinkFault(
        'index-blocked',
        `remove the block from the index ${name}: GET /${name}/_settings/index.blocks.* shows it`,
      )
}

function notLicensed(feature: string): SinkFault {
  return new SinkFault(
    'not-licensed',
    `the license of Elasticsearch (GET /_license) does not include ${feature}: renew it, or remove ${feature} from the roles of this user`,
  )
}
