import { createUndiciTransport, proxyAddress, type Transport } from '@cdrstream/source-webex'
import type { Configuration } from './configuration/configuration.ts'
import { optionSecrets } from './configuration/option-secrets.ts'
import type { Secret } from './configuration/secret.ts'
import { tlsProblem } from './tls-check.ts'

type Variable = (name: string) => string | undefined

/** Why no token may be sent from this process, or cannot be; one line each. */
export function networkProblems(variable: Variable): readonly string[] {
  return [tlsProblem(variable), proxyProblem(variable)].filter((problem) => problem !== undefined)
}

/** Why the proxy of the environment cannot be used; undefined if it can, or if there is none. Its address may hold a password. */
function proxyProblem(variable: Variable): string | undefined {
  const proxy = httpsProxy(variable)
  return proxy === '' || proxyAddress(proxy) !== undefined
    ? undefined
    : 'HTTPS_PROXY: expected an address such as http://proxy.example:3128, found something else'
}

/** The passwords in the address of the proxy, as written and as meant. */
export function proxySecrets(variable: Variable): readonly Secret[] {
  return optionSecrets(httpsProxy(variable), [])
}

/** The way of all requests to Webex: by the proxy of the environment, trusting the authorities of the configuration. */
export function createTransport(
  { authorities }: Pick<Configuration, 'authorities'>,
  variable: Variable,
): Transport {
  return createUndiciTransport({
    httpsProxy: httpsProxy(variable),
    noProxy: either(variable, 'no_proxy', 'NO_PROXY'),
    ...(authorities !== undefined && { ca: authorities }),
  })
}

function httpsProxy(variable: Variable): string {
  return either(variable, 'https_proxy', 'HTTPS_PROXY')
}

/** The lower-cased one first, as others do. */
function either(variable: Variable, lower: string, upper: string): string {
  return variable(lower) || variable(upper) || ''
}
