export { elasticsearchSink, elasticsearchSink as default } from './elasticsearch-sink.ts'
export type { Compression, ElasticsearchSinkOptions } from './elasticsearch-sink-options.ts'
export { type IndexTemplate, type IndexTemplateOptions, indexTemplate } from './indices/index-template.ts'
