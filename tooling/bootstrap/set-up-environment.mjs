import { delimiter } from 'node:path'

// The settings for reaching the registry, among those that npm passes to scripts as variables. The npm and
// pnpm started here would mistake the others, which concern the running script, for the user's settings.
const reachesRegistry =
  /^npm_config_(registry|cache|cafile|ca|cert|key|proxy|https?_proxy|noproxy|strict_ssl|userconfig|globalconfig|@.*|\/\/.*)$/i
// Tolerates a short network failure, and fails soon on a longer one.
const retries = { fetch_retries: '3', fetch_retry_mintimeout: '1000', fetch_retry_maxtimeout: '5000' }
const sharedSettings = ['registry', 'cafile', 'proxy', 'https_proxy', 'noproxy', 'strict_ssl']

/** Returns the environment for the setup tools, without prompts, telemetry and update checks. */
export function setUpEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || reachesRegistry.test(name),
  )
  const env = Object.fromEntries(kept)
  for (const name of sharedSettings) {
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
    // Any pnpm with the same major version will do. It must not download a different version.
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
