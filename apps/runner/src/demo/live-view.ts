import type { Terminal } from '../terminal.ts'
import { type DemoPicture, pictureLine, pictureLines } from './demo-picture.ts'

const lineEveryMs = 2_000

/** Shows a demo's state, redrawn in place on a terminal or as periodic lines otherwise. */
export class LiveView {
  readonly #terminal: Terminal
  /** The number of lines on the screen that the next picture replaces. */
  #drawn = 0
  #lineAtMs = Number.NEGATIVE_INFINITY

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  show(picture: DemoPicture): void {
    if (this.#terminal.outIsTerminal) {
      const lines = pictureLines(picture)
      this.#erase()
      this.#terminal.print(lines.map((line) => `${line}\n`).join(''))
      this.#drawn = lines.length
    } else if (picture.elapsedMs >= this.#lineAtMs + lineEveryMs) {
      this.#lineAtMs = picture.elapsedMs
      this.#terminal.print(`${pictureLine(picture)}\n`)
    }
  }

  /** Prints a line that stays on the screen. */
  say(line: string): void {
    this.#erase()
    this.#terminal.print(`${line}\n`)
  }

  #erase(): void {
    if (this.#drawn > 0) this.#terminal.erase(this.#drawn)
    this.#drawn = 0
  }
}
