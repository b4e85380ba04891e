/** Where editors find the JSON Schema of the latest published version of cdrstream. */
export const schemaAddress = 'https://unpkg.com/cdrstream/cdrstream.schema.json'

/** The first line of a configuration, which tells editors where the JSON Schema is. */
export const schemaComment = `# yaml-language-server: $schema=${schemaAddress}`
