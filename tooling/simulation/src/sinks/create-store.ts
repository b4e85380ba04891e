import { keyStore } from './key-store.ts'
import { logStore } from './log-store.ts'
import { linesStore, tableStore } from './position-stores.ts'
import type { SinkStore, StoreKind } from './sink-store.ts'

export function createStore(kind: StoreKind, waitMs: number): SinkStore {
  switch (kind) {
    case 'revisions':
      return keyStore('all', waitMs)
    case 'latest':
      return keyStore('latest', waitMs)
    case 'lines':
      return linesStore()
    case 'table':
      return tableStore()
    case 'log':
      return logStore()
  }
}
