import { mayShowKey } from './may-be-shown.ts'

/** The path of a value in the configuration: `['orgs', 0, 'region']`. */
export type Path = readonly (string | number)[]

/** A position in text. Lines and columns count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** Returns `orgs[0].region`. A key that may not be shown is `?`. */
export function pathText(path: Path, mayShow: (key: string) => boolean = mayShowKey): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`
      const name = /^[\w$-]+$/.test(step) ? step : JSON.stringify(step)
      const shown = mayShow(step) ? name : '?'
      return index === 0 ? shown : `.${shown}`
    })
    .join('')
}
