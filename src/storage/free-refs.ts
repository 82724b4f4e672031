import { sql } from "kysely";
import type { Ref } from "#core/records/field.ts";
import type { Kind } from "#core/records/kind.ts";
import { formatRef } from "#core/records/story.ts";
import type { Reader } from "./reader.ts";

/** References looked for at once. */
const atOnce = 32;

/** Gives out references that no record has, in order of their numbers, each once in a change. */
export class FreeRefs {
  readonly #reader: Reader;
  readonly #isMade: (ref: Ref) => boolean;
  /** Numbers of each prefix that the database had free when it was asked. */
  readonly #free = new Map<string, number[]>();
  /** The next number of each prefix from which this change gave out references. */
  readonly #next = new Map<string, number>();
  /** Prefixes whose next number has not been kept yet. */
  readonly #given = new Set<string>();

  constructor(reader: Reader, isMade: (ref: Ref) => boolean) {
    this.#reader = reader;
    this.#isMade = isMade;
  }

  async next(kind: Kind): Promise<Ref> {
    const { prefix, digits } = kind;
    for (;;) {
      const number = this.#free.get(prefix)?.shift();
      if (number === undefined) {
        this.#free.set(prefix, await this.#look(kind));
        continue;
      }
      this.#next.set(prefix, number + 1);
      this.#given.add(prefix);
      const ref = formatRef(prefix, number, digits);
      if (!this.#isMade(ref)) return ref;
    }
  }

  /** What is to be kept of the numbers given out since the last time. */
  takeGiven(): { prefix: string; next: number }[] {
    const given = [...this.#given].map((prefix) => ({ prefix, next: this.#next.get(prefix) ?? 1 }));
    this.#given.clear();
    return given;
  }

  async #look({ prefix, digits }: Kind): Promise<number[]> {
    const { db, organization } = this.#reader;
    const { rows } = await sql<{
      next: number;
    }>`select next from ref_counter where organization_id = ${organization} and prefix = ${prefix}`.execute(db);
    const start = Math.max(rows[0]?.next ?? 1, this.#next.get(prefix) ?? 1);
    const numbers = new Map(
      Array.from({ length: atOnce }, (_, at) => [formatRef(prefix, start + at, digits), start + at]),
    );
    const { rows: used } = await sql<{
      ref: string;
    }>`select ref from record where organization_id = ${organization} and ref = any(${[...numbers.keys()]}::text[])`.execute(
      db,
    );
    for (const { ref } of used) numbers.delete(ref);
    this.#next.set(prefix, start + atOnce);
    return [...numbers.values()];
  }
}
