/** `Local SessionID` becomes `local_session_id`: words in lower case, an `ID` at the end of a word being a word of its own. */
export function columnName(name: string): string {
  return name
    .replaceAll(/(?<=[a-z])ID\b/g, ' ID')
    .replaceAll(' ', '_')
    .toLowerCase()
}
