import type { Day, Instant } from "#core/basics/time.ts";

const spelt: Readonly<Record<string, string>> = {
  ai: "AI",
  aims: "AIMS",
  soa: "SoA",
  k8s: "Kubernetes",
  id: "id",
  ia: "IA",
  kpi: "KPI",
};

/** A name of the data, `ai_system_owner`, as people read it: "AI system owner". */
export function inWords(name: string): string {
  return upperFirst(spoken(name));
}

/** A sentence in which names of the data stand, with words in their place. */
export function withWords(sentence: string): string {
  return sentence.replaceAll(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g, spoken);
}

function spoken(name: string): string {
  return name
    .split("_")
    .map((word) => spelt[word] ?? word)
    .join(" ");
}

/** The first letter large, as at the beginning of a sentence. */
export function upperFirst(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first letter small, unless the word is an abbreviation: to go on within a sentence. */
export function lowerFirst(words: string): string {
  return /^[A-Z][A-Z0-9]/.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

const long = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const short = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** "Tuesday 30 June 2026" */
export function dayInWords(day: Day): string {
  return long.format(new Date(`${day}T00:00:00Z`)).replace(",", "");
}

/** "30 Jun 2026" */
export function dayInShort(day: Day): string {
  return short.format(new Date(`${day}T00:00:00Z`));
}

/** "2026-06-30 14:05", in UTC as the ledger keeps it. */
export function minuteOf(instant: Instant | string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;
}

/** "1 record", "4,812 records" */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** "LH" of "Dr Leila Haddad" */
export function initialsOf(name: string): string {
  const parts = name.replace(/^(Dr|Prof|Mr|Ms|Mrs)\.? /, "").split(/\s+/);
  return `${parts[0]?.charAt(0) ?? ""}${parts.length > 1 ? (parts.at(-1)?.charAt(0) ?? "") : ""}`.toUpperCase();
}
