import { SinkFault } from '@cdrstream/sink-kit'
import { type RefusedRequest, serverReason } from '../server/refused-request.ts'
import type { IndexNames } from './index-names.ts'
import type { PresentTemplate } from './present-templates.ts'

/**
 * Returns the fault for an index that Elasticsearch refuses to create. `winner` is the template that it would
 * be created from.
 */
export function notCreated(name: string, error: RefusedRequest, winner?: PresentTemplate): SinkFault {
  const reason = serverReason(error)
  if (winner?.isForDataStreams) return madeForDataStreams(name, winner, error)
  switch (error.type) {
    // The type of every failed validation. For a new index, the cause is the number of shards.
    case 'validation_exception':
      return new SinkFault(
        'shard-limit',
        `delete or close indices that are no longer needed, or raise the shard limit (PUT /_cluster/settings {"persistent":{"cluster.max_shards_per_node":N}}), so that the index ${name} can be created${reason}`,
        error,
      )
    case 'invalid_index_name_exception':
      return new SinkFault(
        'index-name-taken',
        `remove the alias ${name} (GET /_alias/${name} shows its indices), so that an index with that name can be created${reason}`,
        error,
      )
    default:
      return new SinkFault(
        'index-not-created',
        `find out with PUT /${name} why Elasticsearch refuses to create the index ${name} (${error.type})${reason}`,
        error,
      )
  }
}

/** Returns the fault for an index or a data stream that has the name of the alias. */
export function aliasTaken(alias: string, error: RefusedRequest): SinkFault {
  return new SinkFault(
    'alias-taken',
    `choose another indexPrefix, or copy what you need from the index ${alias} (POST /_reindex) and delete it (DELETE /${alias}): the alias of the monthly indices needs that name`,
    error,
  )
}

/** Returns the fault for an index that was removed from the alias. */
export function aliasMissing({ alias }: Pick<IndexNames, 'alias'>, name: string): SinkFault {
  const add = { actions: [{ add: { index: name, alias } }] }
  return new SinkFault(
    'alias-missing',
    `add the index ${name} to the alias ${alias} again: POST /_aliases ${JSON.stringify(add)}`,
  )
}

/** Returns the fault for an index that was created without the template. */
export function templateMissing({ alias }: Pick<IndexNames, 'alias'>, name: string): SinkFault {
  return new SinkFault(
    'template-missing',
    `put the index template ${alias} (indexTemplate of @cdrstream/sink-elasticsearch returns it), then delete the index ${name} (DELETE /${name}), which was created without it, or choose another indexPrefix`,
  )
}

/** Returns the fault for a foreign template that takes precedence over the sink's. */
export function otherTemplate(
  { alias }: Pick<IndexNames, 'alias'>,
  name: string,
  winner: PresentTemplate,
): SinkFault {
  const { name: other, priority, isForDataStreams } = winner
  if (isForDataStreams) return madeForDataStreams(name, winner)
  return new SinkFault(
    'foreign-template',
    `give the index template ${other} other index_patterns or a priority below the one of ${alias} (PUT /_index_template/${other}; it has ${priority}), or choose another indexPrefix: it also matches ${name} and takes precedence. If the index ${name} was created from it, delete the index: DELETE /${name}`,
  )
}

function madeForDataStreams(
  name: string,
  { name: other }: PresentTemplate,
  error?: RefusedRequest,
): SinkFault {
  return new SinkFault(
    'foreign-template',
    `give the index template ${other} index_patterns that do not match ${name} (PUT /_index_template/${other}), or choose another indexPrefix: it creates data streams, which do not allow updates of a document`,
    error,
  )
}
