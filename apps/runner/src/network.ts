import { createUndiciTransport, proxyAddress, type Transport } from '@cdrstream/source-webex'
import type { SignInConfiguration } from './configuration/configuration.ts'
import { optionSecrets } from './configuration/option-secrets.ts'
import type { Secret } from './configuration/secret.ts'

type Variable = (name: string) => string | undefined

/** The lower-case name takes precedence, as in other programs. */
const proxyNames = ['https_proxy', 'HTTPS_PROXY']

/** Returns one line for each setting that makes requests from this process unsafe or impossible. */
export function networkProblems(variable: Variable): readonly string[] {
  return [tlsProblem(variable), proxyProblem(variable)].filter((problem) => problem !== undefined)
}

/** With this setting, Node accepts any certificate, including an impostor's. */
function tlsProblem(variable: Variable): string | undefined {
  return variable('NODE_TLS_REJECT_UNAUTHORIZED') === '0'
    ? 'NODE_TLS_REJECT_UNAUTHORIZED: expected to be unset, found 0; with it, the token would be sent to any server that impersonates Webex'
    : undefined
}

/** The message does not contain the proxy URL, which can include a password. */
function proxyProblem(variable: Variable): string | undefined {
  const [name, proxy] = setOf(variable, proxyNames)
  return proxy === '' || proxyAddress(proxy) !== undefined
    ? undefined
    : `${name}: expected a URL such as http://user:password@proxy.example:3128, with any of / ? # @ % in user name ` +
        'and password percent-encoded (%2F %3F %23 %40 %25), found something else'
}

/** Returns the passwords in the proxy URL, as written and decoded. */
export function proxySecrets(variable: Variable): readonly Secret[] {
  return optionSecrets(setOf(variable, proxyNames)[1], [])
}

/**
 * Returns the transport for all requests to Webex. It uses the proxy from the environment and trusts the CA
 * certificates in the configuration.
 */
export function createTransport(
  { authorities }: Pick<SignInConfiguration, 'authorities'>,
  variable: Variable,
): Transport {
  return createUndiciTransport({
    httpsProxy: setOf(variable, proxyNames)[1],
    noProxy: setOf(variable, ['no_proxy', 'NO_PROXY'])[1],
    ...(authorities !== undefined && { ca: authorities }),
  })
}

/** Returns the name and value of the first of these variables that is set, with an empty value if none is. */
function setOf(variable: Variable, names: readonly string[]): readonly [name: string, value: string] {
  const name = names.find((name) => variable(name))
  return name === undefined ? ['', ''] : [name, variable(name) ?? '']
}
