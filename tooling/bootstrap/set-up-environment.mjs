import { delimiter } from 'node:path'

// Of the settings that npm hands to a script as variables, these say how to reach the registry. The others
// are about the script that npm runs, and would be taken for the wishes of the user by the npm and pnpm
// inside.
const reachesRegistry =
  /^npm_config_(registry|cache|cafile|ca|cert|key|proxy|https?_proxy|noproxy|strict_ssl|userconfig|globalconfig|@.*|\/\/.*)$/i
// A short break of the network is waited out, and its absence is said soon.
const retries = { fetch_retries: '3', fetch_retry_mintimeout: '1000', fetch_retry_maxtimeout: '5000' }
const bothKnow = ['registry', 'cafile', 'proxy', 'https_proxy', 'noproxy', 'strict_ssl']

/**
 * The user's environment, for the tools of the set-up: they ask nothing, report nothing and look for no
 * updates.
 */
export function setUpEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || reachesRegistry.test(name),
  )
  const env = Object.fromEntries(kept)
  for (const name of bothKnow) {
    const given = env[`npm_config_${name}`]
    if (given) env[`pnpm_config_${name}`] ??= given
  }
  for (const [name, value] of Object.entries(retries)) {
    env[`npm_config_${name}`] = value
    env[`pnpm_config_${name}`] = value
  }
  return {
    ...env,
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    NO_UPDATE_NOTIFIER: '1',
    // A pnpm of the same major version is good enough: it shall not bring another.
    pnpm_config_pm_on_fail: 'ignore',
    pnpm_config_update_notifier: 'false',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    TURBO_TELEMETRY_DISABLED: '1',
  }
}

export function withPath(env, directories) {
  const name = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...env, [name]: [...directories, env[name]].filter(Boolean).join(delimiter) }
}
