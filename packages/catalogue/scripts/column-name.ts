/**
 * Returns the snake_case name of a field. A trailing `ID` counts as a word: `Local SessionID` →
 * `local_session_id`.
 */
export function columnName(name: string): string {
  return name
    .replaceAll(/(?<=[a-z])ID\b/g, ' ID')
    .replaceAll(' ', '_')
    .toLowerCase()
}
