import { plainLine } from '@cdrstream/core/words'
import { row } from './rows.ts'
import { showSpan } from './show-amount.ts'
import type { CatchUpStatus, StateStatus } from './status.ts'

const mostColumns = 80

/** Returns the rows for the state of an org or a sink. `at`: when the status was read. */
export function stateRows(state: StateStatus, catchUp: CatchUpStatus | null, at: string): readonly string[] {
  const { code, cause, remedy, last } = state
  return [
    row('  state', [showState(state, at), ...(catchUp === null ? [] : [showCatchUp(catchUp)])].join('; ')),
    ...(last === null ? [] : [row('', `before that: ${showState(last, at)}`)]),
    ...(cause === null || code === 'starting' ? [] : wrapped('  cause', cause)),
    ...(remedy === null ? [] : wrapped('  to do', remedy)),
  ]
}

/** Returns `paused (forbidden) for 3 m 12 s; next try in 20 s`. */
export function showState({ state, since, code, nextTryAt }: Omit<StateStatus, 'last'>, at: string): string {
  const secondsTo = (time: string) => (Date.parse(time) - Date.parse(at)) / 1_000
  const words = `${state.replace('-', ' ')}${code === null ? '' : ` (${plainLine(code)})`}`
  const duration = since === null ? '' : ` for ${showSpan(-secondsTo(since))}`
  if (nextTryAt === null) return words + duration
  const seconds = secondsTo(nextTryAt)
  return `${words}${duration}; ${seconds <= 0 ? 'trying now' : `next try in ${showSpan(seconds)}`}`
}

function showCatchUp({ perSecond, etaSeconds }: CatchUpStatus): string {
  if (etaSeconds !== null) return `done in about ${showSpan(etaSeconds)}`
  return perSecond === null ? 'measuring the speed' : 'not catching up at the current speed'
}

/** Wraps text into as many rows as needed. */
function wrapped(label: string, text: string): readonly string[] {
  const width = mostColumns - row('', '').length
  const lines: string[] = []
  let line = ''
  for (const word of plainLine(text)
    .split(' ')
    .flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line].map((each, index) => row(index === 0 ? label : '', each))
}

function pieces(word: string, width: number): readonly string[] {
  return word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']
}
