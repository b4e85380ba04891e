export type { CatalogueField, ColumnName, FieldType, PersonalDataClass } from './catalogue-field.ts'
export { catalogue } from './generated/catalogue.ts'
export type { CdrFields } from './generated/cdr-fields.ts'
