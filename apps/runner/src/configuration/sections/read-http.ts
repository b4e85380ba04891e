import { resolve } from 'node:path'
import { isLoopback } from '@cdrstream/source-webex'
import type { HttpConfiguration } from '../configuration.ts'
import type { Path } from '../place.ts'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { httpSchema, type ShapedHttp } from '../schema/http-schema.ts'
import { Secret } from '../secret.ts'
import { foundAt } from '../shape-problems.ts'
import { valueAt } from '../value-at.ts'
import { parseSection, type Section } from './section.ts'

/** Long enough that a random token cannot be guessed. */
const shortestToken = 16

/** The value is null if the configuration has no such section. */
export function readHttp(plain: PlainValue, baseDirectory: string): Section<HttpConfiguration | null> {
  if (valueAt(plain.value, ['http']) === undefined) return { value: null, problems: [] }
  const { value, problems } = parseSection(httpSchema, plain, ['http'])
  if (value === undefined) return { value, problems }
  const { host, port, token, tls, behindProxy, allowedHosts } = value
  return {
    value: {
      host,
      port,
      ...(token !== undefined && { token: new Secret(token) }),
      ...(tls !== undefined && {
        tls: { certPath: resolve(baseDirectory, tls.cert), keyPath: resolve(baseDirectory, tls.key) },
      }),
      behindProxy,
      allowedHosts,
    },
    problems: [...problems, ...checkHttp(value, plain)],
  }
}

/** A server that the network can reach requires a token, and TLS to protect it. */
function checkHttp({ host, token, tls, behindProxy }: ShapedHttp, plain: PlainValue): readonly Problem[] {
  const problem = (path: Path, message: string): Problem => ({ path, part: 'value', message })
  const problems: Problem[] = []
  const isOpen = !isLoopback(host === '::1' ? '[::1]' : host)
  const reason = 'because http.host is not a loopback address'
  if (isOpen && token === undefined) {
    problems.push(problem(['http', 'token'], `expected a token, ${reason}, found nothing`))
  }
  if (isOpen && tls === undefined && !behindProxy) {
    const expected = `expected tls: { cert, key }, or behindProxy: true, ${reason}`
    problems.push(problem(['http'], `${expected}, found neither`))
  }
  const path: Path = ['http', 'token']
  const isKnown = !plain.unresolved.some((other) => other.join('.') === path.join('.'))
  if (token !== undefined && isKnown && token.length < shortestToken) {
    const expected = `expected a token of at least ${shortestToken} characters`
    problems.push(problem(path, `${expected}, found ${foundAt(path, plain)}`))
  }
  return problems
}
