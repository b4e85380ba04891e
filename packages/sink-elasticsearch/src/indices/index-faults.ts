import { SinkFault } from '@cdrstream/sink-kit'
import { inItsOwnWords, type RefusedRequest } from '../server/refused-request.ts'
import type { IndexNames } from './index-names.ts'
import type { PresentTemplate } from './present-templates.ts'

/**
 * Returns what to do when Elasticsearch refuses to create an index that is only named or small. `winner`: the
 * template that it would be made from.
 */
export function notCreated(name: string, error: RefusedRequest, winner?: PresentTemplate): SinkFault {
  const words = inItsOwnWords(error)
  if (winner?.isForDataStreams) return madeForDataStreams(name, winner, error)
  switch (error.type) {
    // Elasticsearch has this type for whatever it validates. Of a new index that is the number of shards.
    case 'validation_exception':
      return new SinkFault(
        'shard-limit',
        `delete or close indices that are no longer needed, or raise the limit of shards (PUT /_cluster/settings {"persistent":{"cluster.max_shards_per_node":N}}), so that the index ${name} can be created${words}`,
        error,
      )
    case 'invalid_index_name_exception':
      return new SinkFault(
        'index-name-taken',
        `remove the alias ${name} (GET /_alias/${name} shows its indices), so that an index of that name can be created${words}`,
        error,
      )
    default:
      return new SinkFault(
        'index-not-created',
        `correct what keeps Elasticsearch from creating the index ${name}: PUT /${name} gives the same answer (${error.type})${words}`,
        error,
      )
  }
}

/** Returns what to do when an index or a data stream has the name of the alias. */
export function aliasTaken(alias: string, error: RefusedRequest): SinkFault {
  return new SinkFault(
    'alias-taken',
    `choose another indexPrefix, or delete the index ${alias} (DELETE /${alias}) after copying what is needed from it (POST /_reindex): the alias over the monthly indices has that name`,
    error,
  )
}

/** Returns what to do about an index from the template that is no longer under the alias. */
export function aliasMissing({ alias }: Pick<IndexNames, 'alias'>, name: string): SinkFault {
  const add = { actions: [{ add: { index: name, alias } }] }
  return new SinkFault(
    'alias-missing',
    `put the index ${name} under the alias ${alias} again: POST /_aliases ${JSON.stringify(add)}`,
  )
}

/** Returns what to do about an index that was made while the template was missing. */
export function templateMissing({ alias }: Pick<IndexNames, 'alias'>, name: string): SinkFault {
  return new SinkFault(
    'template-missing',
    `put the index template ${alias} (indexTemplate of @cdrstream/sink-elasticsearch returns it), then delete the index ${name} (DELETE /${name}), which was created without it, or choose another indexPrefix`,
  )
}

/** Returns what to do about a template of someone else that decides how an index is made. */
export function otherTemplate(
  { alias }: Pick<IndexNames, 'alias'>,
  name: string,
  winner: PresentTemplate,
): SinkFault {
  const { name: other, priority, isForDataStreams } = winner
  if (isForDataStreams) return madeForDataStreams(name, winner)
  return new SinkFault(
    'foreign-template',
    `give the index template ${other} other index_patterns or a priority below that of ${alias} (PUT /_index_template/${other}; it has ${priority}), or choose another indexPrefix: it matches ${name} as well and wins. An index ${name} that was made from it has to be deleted: DELETE /${name}`,
  )
}

function madeForDataStreams(
  name: string,
  { name: other }: PresentTemplate,
  error?: RefusedRequest,
): SinkFault {
  return new SinkFault(
    'foreign-template',
    `give the index template ${other} index_patterns that do not match ${name} (PUT /_index_template/${other}), or choose another indexPrefix: it makes data streams, which cannot replace a document`,
    error,
  )
}
