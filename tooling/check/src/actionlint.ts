import { type FoundGoTool, findGoTool } from './go-tool.ts'

const module = 'github.com/rhysd/actionlint/cmd/actionlint'
const version = 'v1.7.12'

/** Finds or builds actionlint. */
export function findActionlint(go?: string, cache?: string): FoundGoTool {
  return findGoTool({ module, version }, go, cache)
}
