import type { Finding } from '@cdrstream/plugin'
import { classified, findingOf } from '@cdrstream/sink-kit'
import { classifyError } from '../classify-error.ts'
import type { ElasticsearchSinkOptions } from '../elasticsearch-sink-options.ts'
import { indexNames } from '../indices/index-names.ts'
import { connect } from '../server/connect.ts'
import { missingPrivileges } from '../server/missing-privileges.ts'
import { describePrivilege, requiredPrivileges } from '../server/privileges.ts'
import type { Server } from '../server/server.ts'
import { checkCluster } from './check-cluster.ts'
import { checkIndices } from './check-indices.ts'
import { checkTemplate } from './check-template.ts'

/** A part of the check. Changes nothing, and throws the errors of its requests. */
type Check = (
  server: Server,
  options: ElasticsearchSinkOptions,
  signal: AbortSignal,
) => Promise<readonly Finding[]>

/** The checks do not depend on each other, so each runs even if another fails. */
const checks: readonly Check[] = [checkTemplate, checkIndices, checkCluster]

/** Returns findings about the server, the index template and the indices. Changes nothing. */
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
    for (const check of checks) findings.push(...(await runCheck(check, server, options, signal)))
  } catch (error) {
    findings.push(errorFinding(error))
  } finally {
    await server?.close()
  }
  return withoutDuplicates(findings)
}

function runCheck(check: Check, ...given: Parameters<Check>): Promise<readonly Finding[]> {
  return classified(
    () => check(...given),
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
        message: `check that Elasticsearch is running, and that nodes is correct: ${reasonOf(outcome.cause)}`,
      }
}

/** A missing privilege is found twice: by the privilege check, and by a request that needs the privilege. */
function withoutDuplicates(findings: readonly Finding[]): readonly Finding[] {
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
      message: 'use https in nodes: the credential is sent unencrypted',
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
    return [
      { level: 'ok', code: 'reachable', message: 'connected to Elasticsearch, and this user may write' },
    ]
  return missing.map((privilege) => ({
    level: 'error',
    code: 'forbidden',
    message: `grant the user ${describePrivilege(privilege)}`,
  }))
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'no response'
}
