import type { CollectConfiguration } from '../configuration/configuration.ts'

/** The configuration in use. Read each value when you need it, because a reload replaces the values. */
export class CurrentConfiguration implements CollectConfiguration {
  #current: CollectConfiguration

  constructor(configuration: CollectConfiguration) {
    this.#current = configuration
  }

  get current(): CollectConfiguration {
    return this.#current
  }

  replace(configuration: CollectConfiguration): void {
    this.#current = configuration
  }

  get orgs() {
    return this.#current.orgs
  }

  get journal() {
    return this.#current.journal
  }

  get sinkNames() {
    return this.#current.sinkNames
  }

  get allowedHosts() {
    return this.#current.allowedHosts
  }

  get http() {
    return this.#current.http
  }

  get certificate() {
    return this.#current.certificate
  }

  get terms() {
    return this.#current.terms
  }

  get baseDirectory() {
    return this.#current.baseDirectory
  }

  get authorities() {
    return this.#current.authorities
  }

  get sinks() {
    return this.#current.sinks
  }

  get sinkSecrets() {
    return this.#current.sinkSecrets
  }

  get fileWarnings() {
    return this.#current.fileWarnings
  }
}
