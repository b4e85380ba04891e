/** A problem that a case found. */
export interface Problem {
  /**
   * - `crash`: something threw, or a promise was rejected and not handled
   * - `hung`: there was no answer
   * - `items`: the items differ from the ones that were sent
   * - `accepted`: the accepted and quarantined items do not add up to the items sent
   * - `answer`: an answer, identity or record breaks its contract
   * - `leak`: the token or content of a record appears where it must not
   * - `prototype`: Object.prototype was changed
   * - `pieces`: the answer depends on how the body was split into chunks
   * - `address`: the token would be sent to another host
   * - `memory`: more memory than allowed is held at the end
   */
  readonly kind:
    | 'crash'
    | 'hung'
    | 'items'
    | 'accepted'
    | 'answer'
    | 'leak'
    | 'prototype'
    | 'pieces'
    | 'address'
    | 'memory'
  readonly detail: string
}
