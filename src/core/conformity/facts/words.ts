/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;

/** A name of the code as people read it: `what_not_to_do` is "what not to do". */
export const plain = (name: string): string => name.replaceAll("_", " ");

/** The named fields of the record that have no value, in plain words. */
export const missingFields = (record: { readonly [field: string]: unknown }, fields: readonly string[]): string[] =>
  fields.filter((field) => isEmpty(record[field])).map(plain);

function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
