/** Where editors find the JSON Schema: that of the version of cdrstream that was published last. */
export const schemaAddress = 'https://unpkg.com/cdrstream/cdrstream.schema.json'

/** The first line of a configuration, by which an editor finds the JSON Schema. */
export const schemaComment = `# yaml-language-server: $schema=${schemaAddress}`
