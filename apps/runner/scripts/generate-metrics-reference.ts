import { writeFileSync } from 'node:fs'
import { renderMetricsReference } from './metrics-reference/render-metrics-reference.ts'

writeFileSync(new URL('../../../docs/metrics.md', import.meta.url), renderMetricsReference())
