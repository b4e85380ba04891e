import type { Content } from './content.ts'
import type { Ledger, RequestEntry } from './ledger.ts'
import type { TokenRequestEntry } from './sign-in/token-endpoint.ts'

/** The simulator's own, writable view of the ledger. */
export class LedgerBook implements Ledger {
  readonly requests: RequestEntry[] = []
  readonly tokenRequests: TokenRequestEntry[] = []
  readonly #contents: Content[] = []

  readonly entries = {
    size: 0,
    values: () => this.#contents.values(),
  }

  add(content: Content): void {
    this.#contents.push(content)
    this.entries.size += 1
  }

  addRequest(request: RequestEntry): void {
    this.requests.push(request)
  }

  addTokenRequest(request: TokenRequestEntry): void {
    this.tokenRequests.push(request)
  }
}
