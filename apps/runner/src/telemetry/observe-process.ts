import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { MetricDefinition } from '@cdrstream/engine'
import { metrics } from '@opentelemetry/api'
import { processMetrics } from './runner-metrics.ts'

/** A higher resolution would wake the process more often. */
const resolutionMs = 20

/** Exports this process's CPU time, memory and event loop metrics until it is disposed. */
export function observeProcess(): Disposable {
  const meter = metrics.getMeter('cdrstream')
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let before = performance.eventLoopUtilization()
  const gauge = ({ name, unit, description }: MetricDefinition) =>
    meter.createObservableGauge(name, { description, unit })
  const { name, unit, description } = processMetrics.cpuTime
  const cpuTime = meter.createObservableCounter(name, { description, unit })
  const memory = gauge(processMetrics.memoryUsage)
  const uptime = gauge(processMetrics.uptime)
  const mean = gauge(processMetrics.delayMean)
  const p99 = gauge(processMetrics.delayP99)
  const max = gauge(processMetrics.delayMax)
  const utilization = gauge(processMetrics.utilization)
  const observables = [cpuTime, memory, uptime, mean, p99, max, utilization]
  const callback: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const { user, system } = process.cpuUsage()
    result.observe(cpuTime, user / 1e6, { 'cpu.mode': 'user' })
    result.observe(cpuTime, system / 1e6, { 'cpu.mode': 'system' })
    result.observe(memory, process.memoryUsage.rss())
    result.observe(uptime, process.uptime())
    // The timer that measures the delay is always late by its resolution.
    const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs) / 1_000
    if (delay.count > 0) {
      result.observe(mean, seconds(delay.mean))
      result.observe(p99, seconds(delay.percentile(99)))
      result.observe(max, seconds(delay.max))
    }
    delay.reset()
    const now = performance.eventLoopUtilization()
    result.observe(utilization, performance.eventLoopUtilization(now, before).utilization)
    before = now
  }
  meter.addBatchObservableCallback(callback, observables)
  return {
    [Symbol.dispose]: () => {
      delay.disable()
      meter.removeBatchObservableCallback(callback, observables)
    },
  }
}
