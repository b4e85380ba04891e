import type { Finding } from '@cdrstream/plugin'
import { classifyError } from './classify-error.ts'
import type { ElasticsearchSinkOptions } from './elasticsearch-sink-options.ts'
import { indexNames } from './indices/index-names.ts'
import { indexTemplate } from './indices/index-template.ts'
import { aliasRemedy, isMadeByUs, listMonthlyIndices } from './indices/monthly-indices.ts'
import { templateState } from './indices/put-template.ts'
import { connect } from './server/connect.ts'
import { missingPrivileges } from './server/missing-privileges.ts'
import { requiredPrivileges, wordingOf } from './server/privileges.ts'
import type { Server } from './server/server.ts'

/** Returns what is in order and what a person should fix. It changes nothing. */
export async function checkServer(
  options: ElasticsearchSinkOptions,
  baseDirectory: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [...checkTransport(options)]
  let server: Server | undefined
  try {
    server = await connect(options, baseDirectory)
    findings.push(...(await checkPrivileges(server, options, signal)))
    findings.push(...(await checkTemplate(server, options, signal)))
    findings.push(...(await checkIndices(server, options, signal)))
  } catch (error) {
    const outcome = classifyError(error)
    findings.push(
      outcome.kind === 'failed'
        ? { level: 'error', code: outcome.code, message: outcome.remedy }
        : {
            level: 'error',
            code: 'unreachable',
            message: `start Elasticsearch, or correct nodes: ${reasonOf(outcome.cause)}`,
          },
    )
  } finally {
    await server?.close()
  }
  return findings
}

function checkTransport({ nodes, credential }: ElasticsearchSinkOptions): readonly Finding[] {
  const isOpen = nodes.some((node) => {
    const { protocol, hostname } = new URL(node)
    return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  })
  if (!isOpen || credential.kind === 'none') return []
  return [
    {
      level: 'warning',
      code: 'plain-http',
      message: 'use https in nodes: the credential crosses the network unencrypted',
    },
  ]
}

async function checkPrivileges(
  server: Server,
  options: ElasticsearchSinkOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const missing = await missingPrivileges(
    server,
    requiredPrivileges(indexNames(options.indexPrefix), options),
    signal,
  )
  if (missing.length === 0)
    return [{ level: 'ok', code: 'reachable', message: 'Elasticsearch answers, and this user may write' }]
  return missing.map((privilege) => ({
    level: 'error',
    code: 'forbidden',
    message: `grant the user ${wordingOf(privilege)}`,
  }))
}

async function checkTemplate(
  server: Server,
  options: ElasticsearchSinkOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  if (!options.manageTemplate) return []
  const state = await templateState(server, indexTemplate(options), signal)
  switch (state) {
    case 'absent':
    case 'older':
    case 'other-options':
      return [
        {
          level: 'ok',
          code: `template-${state}`,
          message:
            'the sink puts the index template at its next start; that takes the cluster privilege manage_index_templates',
        },
      ]
    case 'same':
    case 'newer':
      return [{ level: 'ok', code: `template-${state}`, message: 'the index template is in place' }]
  }
}

async function checkIndices(
  server: Server,
  { indexPrefix }: ElasticsearchSinkOptions,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const names = indexNames(indexPrefix)
  const indices = await listMonthlyIndices(server, names, signal)
  return [...indices.values()].flatMap((index): Finding[] => {
    const { name, isClosed, isDurable, hasAlias } = index
    if (isClosed) {
      return [
        {
          level: 'warning',
          code: 'index-closed',
          message: `open the index ${name} (POST /${name}/_open): it is closed, so it cannot be searched and records of its month cannot be written`,
        },
      ]
    }
    if (!isMadeByUs(index)) {
      return [
        {
          level: 'error',
          code: 'template-missing',
          message: `move the index ${name} out of the way, or choose another indexPrefix: it was not created from the index template`,
        },
      ]
    }
    if (!hasAlias) return [{ level: 'warning', code: 'alias-missing', message: aliasRemedy(names, name) }]
    if (isDurable) return []
    return [
      {
        level: 'warning',
        code: 'translog-async',
        message: `set index.translog.durability of ${name} to request: with async, a crash of the server loses records that count as written`,
      },
    ]
  })
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no answer'
}
