import type { Finding } from '@cdrstream/plugin'
import { classified, findingOf } from '@cdrstream/sink-kit'
import { classifyError } from '../classify-error.ts'
import type { ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import { indexNames } from '../indices/index-names.ts'
import { connect } from '../server/connect.ts'
import { missingPrivileges } from '../server/missing-privileges.ts'
import { requiredPrivileges, wordingOf } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import { checkCluster } from './check-cluster.ts'
import { checkIndices } from './check-indices.ts'
import { checkTemplate } from './check-template.ts'

/** One thing to look at. It changes nothing, and throws what a request throws. */
type Look = (
  server: Server,
  options: ElasticsearchSinkOptions,
  signal: AbortSignal,
) => Promise<readonly Finding[]>

/** Each looks even where another one failed: an unreadable index says nothing about the cluster. */
const looks: readonly Look[] = [checkTemplate, checkIndices, checkCluster]

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
    const privileges = await checkPrivileges(server, options, signal)
    findings.push(...privileges)
    for (const look of looks) findings.push(...(await looked(look, server, options, signal)))
  } catch (error) {
    findings.push(errorFinding(error))
  } finally {
    await server?.close()
  }
  return withoutRepetitions(findings)
}

function looked(look: Look, ...given: Parameters<Look>): Promise<readonly Finding[]> {
  return classified(
    () => look(...given),
    (error) => [errorFinding(error)],
  )
}

function errorFinding(error: unknown): Finding {
  const outcome = classifyError(error)
  return outcome.kind === 'failed'
    ? findingOf(outcome)
    : {
        level: 'error',
        code: 'unreachable',
        message: `start Elasticsearch, or correct nodes: ${reasonOf(outcome.cause)}`,
      }
}

/** A privilege that is missing is found by asking for it and by needing it. */
function withoutRepetitions(findings: readonly Finding[]): readonly Finding[] {
  const isFirst = ({ code, message }: Finding, at: number) =>
    findings.findIndex((other) => other.code === code && other.message === message) === at
  return findings.filter(isFirst)
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

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no answer'
}
