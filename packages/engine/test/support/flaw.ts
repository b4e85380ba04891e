/** A way to break a world on purpose, which its server's ledger must reveal. */
export type Flaw =
  | 'none'
  /** A slot counts from when its request is sent. */
  | 'counts-from-sending'
  /** A new process does not know about earlier requests. */
  | 'forgets-on-restart'
  /** A request that was in flight at a crash counts as never sent. */
  | 'forgets-unanswered'
  /** A new process does not know about the credential's former name. */
  | 'forgets-on-rename'
  /** A new process trusts its clock. */
  | 'trusts-the-clock'
  /** Each org of the credential has its own budget. */
  | 'not-shared'
  /** A command does not reserve its request. */
  | 'command-unreserved'
