import type { Chance } from './chance.ts'
import type { Fault } from './faults.ts'
import type { Behaviour } from './simulator-options.ts'

/** The Link header of a page that is not the last, in one of the forms that were printed or seen (api facts, section 6). */
export function linkHeader(
  url: string,
  form: Behaviour['linkForm'],
  fault: Fault | undefined,
  chance: Chance,
): Record<string, string> {
  if (fault === 'bad-link') return { link: 'next' }
  switch (form) {
    case 'normal':
      return { link: `<${url}>; rel="next"` }
    case 'misprinted':
      return { link: `<<${url}>;rel="next">` }
    case 'upper-case':
      return { LINK: `<${url}>; REL="NEXT"` }
    case 'mixed':
      return linkHeader(url, chance.oneOf(['normal', 'misprinted', 'upper-case']), fault, chance)
  }
}
