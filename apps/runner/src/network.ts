import { createUndiciTransport, proxyAddress, type Transport } from '@cdrstream/source-webex'
import type { SignInConfiguration } from './configuration/configuration.ts'
import { optionSecrets } from './configuration/option-secrets.ts'
import type { Secret } from './configuration/secret.ts'
import { tlsProblem } from './tls-check.ts'

type Variable = (name: string) => string | undefined

/** The lower-case name wins, as with other programs. */
const proxyNames = ['https_proxy', 'HTTPS_PROXY']

/** Why no token may be sent from this process, or cannot be; one line each. */
export function networkProblems(variable: Variable): readonly string[] {
  return [tlsProblem(variable), proxyProblem(variable)].filter((problem) => problem !== undefined)
}

/**
 * Returns why the proxy of the environment cannot be used, without its address, which may hold a password.
 */
function proxyProblem(variable: Variable): string | undefined {
  const [name, proxy] = setOf(variable, proxyNames)
  return proxy === '' || proxyAddress(proxy) !== undefined
    ? undefined
    : `${name}: expected an address such as http://user:password@proxy.example:3128, with any of / ? # @ % in user name ` +
        'and password percent-encoded (%2F %3F %23 %40 %25), found something else'
}

/** Returns the passwords in the address of the proxy, as written and decoded. */
export function proxySecrets(variable: Variable): readonly Secret[] {
  return optionSecrets(setOf(variable, proxyNames)[1], [])
}

/**
 * The way of all requests to Webex: by the proxy of the environment, trusting the authorities of the
 * configuration.
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

/** Returns the name and value of the first of these variables that is set; an empty value if none is. */
function setOf(variable: Variable, names: readonly string[]): readonly [name: string, value: string] {
  const name = names.find((name) => variable(name))
  return name === undefined ? ['', ''] : [name, variable(name) ?? '']
}
