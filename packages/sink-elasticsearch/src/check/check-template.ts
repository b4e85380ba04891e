import type { Finding } from '@cdrstream/plugin'
import { findingOf } from '@cdrstream/sink-kit'
import type { ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import { otherTemplate } from '../indices/index-faults.ts'
import { indexNames } from '../indices/index-names.ts'
import { indexTemplate } from '../indices/index-template.ts'
import { listTemplates, overridingTemplate } from '../indices/present-templates.ts'
import { templateState } from '../indices/put-template.ts'
import type { Server } from '../server/server.ts'
import { currentMonth } from './current-month.ts'

/** Checks whether the next index will be created from the sink's template. */
export async function checkTemplate(
  server: Server,
  options: ElasticsearchSinkOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (!options.manageTemplate) return []
  const names = indexNames(options.indexPrefix)
  const template = indexTemplate(options)
  const present = await listTemplates(server, signal)
  const state = templateState(present, template)
  const index = names.monthly(currentMonth(Date.now()))
  const other = overridingTemplate(present, template, index)
  if (other !== undefined) return [findingOf(otherTemplate(names, index, other))]
  switch (state) {
    case 'absent':
    case 'older':
    case 'other-options':
      return [
        {
          level: 'ok',
          code: `template-${state}`,
          message:
            'the next start puts the index template, which needs the cluster privilege manage_index_templates',
        },
      ]
    case 'same':
    case 'newer':
      return [{ level: 'ok', code: `template-${state}`, message: 'the index template is up to date' }]
  }
}
