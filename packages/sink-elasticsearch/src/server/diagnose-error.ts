import { SinkFault } from '@cdrstream/sink-kit'
import type { ServerError } from './server-error.ts'

/**
 * Returns the fault for an error about an index, the cluster or the license, or undefined for any other
 * error. Such an error is never about a record.
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

/** Returns the fault for a closed index. `name` is empty if Elasticsearch does not name the index. */
export function indexClosed(name: string, indexPattern: string): SinkFault {
  return name === ''
    ? new SinkFault('index-closed', `open the closed index among ${indexPattern}: POST /NAME/_open`)
    : new SinkFault('index-closed', `open the index ${name}, which is closed: POST /${name}/_open`)
}

/** The settings that block an index, without the prefix `index.blocks.`. */
export const blockSettings = ['read_only_allow_delete', 'read_only', 'write', 'read', 'metadata'] as const

export type BlockSetting = (typeof blockSettings)[number]

/** Returns the fault for an index that these settings block. */
export function indexBlocked(name: string, settings: readonly BlockSetting[]): SinkFault {
  if (settings.includes('read_only_allow_delete')) {
    return new SinkFault(
      'disk-full',
      `free disk space for Elasticsearch (GET /_cat/allocation?v): it has blocked the index ${name} because a disk is nearly full, and removes the block once there is enough space`,
    )
  }
  const none = Object.fromEntries(settings.map((setting) => [`index.blocks.${setting}`, null]))
  return new SinkFault(
    'index-blocked',
    `remove the block from the index ${name}: PUT /${name}/_settings ${JSON.stringify(none)}`,
  )
}

/** The blocks by number, because a response identifies a block only by its number. */
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

/** Parses a reason such as `index [cdr-2026.11] blocked by: [FORBIDDEN/8/index write (api)];`. */
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
    `renew the Elasticsearch license (GET /_license), which does not include ${feature}, or remove ${feature} from the roles of this user`,
  )
}
