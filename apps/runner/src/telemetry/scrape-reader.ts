import { MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics'

/** Reads the metrics when it is asked to. */
export class ScrapeReader extends MetricReader {
  /** Metrics that cannot be read are missing. */
  async read(): Promise<ResourceMetrics> {
    const { resourceMetrics } = await this.collect()
    return resourceMetrics
  }

  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}
