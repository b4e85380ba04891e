export { fileSink, fileSink as default } from './file-sink.ts'
export type { Compression, FileSinkOptions } from './file-sink-options.ts'
