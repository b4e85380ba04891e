import { MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'

/** Reads the metrics on request. */
export class ScrapeReader extends MetricReader {
  /** Returns the metrics, without any that cannot be read. */
  async read(): Promise<ResourceMetrics> {
    const { resourceMetrics } = await this.collect()
    return resourceMetrics
  }

  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}
