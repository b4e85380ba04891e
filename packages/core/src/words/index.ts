export { createContentHider } from './content-hider.ts'
export { plainLine, plainLines } from './plain-line.ts'
export { shortestSecret } from './secret-forms.ts'
export { createWords, type Words } from './words.ts'
