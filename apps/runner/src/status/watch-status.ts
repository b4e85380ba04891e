import type { Terminal } from '../terminal.ts'
import { showStatus } from './show-status.ts'
import type { Status } from './status.ts'
import { summarizeStatus } from './summarize-status.ts'

/** How often a line is printed without changes, if the view cannot be redrawn. */
const lineEveryMs = 60_000
/** Used if the terminal's height is unknown. */
const usualRows = 24

/** Shows a changing status: redrawn in place on a terminal, otherwise as one line per change. */
export class StatusView {
  readonly #terminal: Terminal
  readonly #json: boolean
  /** The number of lines on the screen that the next view replaces. */
  #drawn = 0
  #line = ''
  #lineAtMs = Number.NEGATIVE_INFINITY

  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal
    this.#json = json
  }

  show(status: Status): void {
    if (this.#json) this.#terminal.print(`${JSON.stringify(status)}\n`)
    else if (this.#terminal.outIsTerminal)
      this.#draw(`${status.at}   (Ctrl-C to stop)\n\n${showStatus(status)}`)
    else this.#printLine(summarizeStatus(status), status.at)
  }

  /** Shows that the status cannot be read. */
  fail(line: string, at: string): void {
    if (this.#terminal.outIsTerminal && !this.#json) this.#draw(`${at}   (Ctrl-C to stop)\n\n${line}`)
    else this.#terminal.say(line)
  }

  #draw(text: string): void {
    const most = (this.#terminal.outRows?.() ?? usualRows) - 1
    const lines = text.trimEnd().split('\n')
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), '…']
    if (this.#drawn > 0) this.#terminal.erase(this.#drawn)
    this.#terminal.print(shown.map((line) => `${line}\n`).join(''))
    this.#drawn = shown.length
  }

  #printLine(line: string, at: string): void {
    const atMs = Date.parse(at)
    if (line === this.#line && atMs < this.#lineAtMs + lineEveryMs) return
    this.#line = line
    this.#lineAtMs = atMs
    this.#terminal.print(`${at} ${line}\n`)
  }
}
