/** What went wrong with a case. */
export interface Problem {
  /**
   * - `crash`: something threw, or a promise was rejected that nobody waited for
   * - `hung`: no answer
   * - `items`: not exactly the items that were sent
   * - `accepted`: accepted and quarantined are not as many as sent
   * - `answer`: an answer, identity or record that breaks its own contract
   * - `leak`: the token or something of a record where it must not be
   * - `prototype`: Object.prototype was changed
   * - `pieces`: the answer depends on how the body was cut into pieces
   * - `address`: the token would go to another address
   * - `memory`: more than the limit is held at the end
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
