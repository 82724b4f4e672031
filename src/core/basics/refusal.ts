/** Every way in which the asker's wish is declined. A new code does not compile until it has a status and an exit code. */
export type RefusalCode =
  | "malformed" // text, a field or an argument is not of its form
  | "too-large"
  | "not-found"
  | "not-signed-in"
  | "not-permitted" // the actor holds no role or authority for the deed
  | "duties-apart" // the actor is one of those who may not do this (separation of duties)
  | "wrong-state"
  | "guard" // an invariant of the record's kind stands in the way
  | "stale" // the record changed since the asker read it
  | "conflict" // the name, reference or folder is taken
  | "credential-needed" // an approval asks for the password again
  | "too-many" // rate limit
  | "proof-rejected"
  | "incompatible" // a database or file of another version
  | "unavailable";

/** Where in the input something is wrong, such as `risks.yaml`, line 12, field `current.likelihood`. */
export type Place = { file?: string; line?: number; column?: number; record?: string; field?: string };

/** One thing wrong with an input, and where. */
export type Problem = { message: string; place?: Place };

/**
 * Declined, and the asker can understand why and act on it. Caught only where answers leave the
 * house: the HTTP problem mapping and the command line.
 */
export class Refusal extends Error {
  override name = "Refusal";
  code: RefusalCode;
  /** The number of the broken rule, such as `INV-07`, where there is one. */
  rule: string | undefined;
  place: Place | undefined;
  /** All problems, when an input has several. */
  problems: readonly Problem[];

  constructor(
    code: RefusalCode,
    message: string,
    more: { rule?: string; place?: Place; problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.rule = more.rule;
    this.place = more.place;
    this.problems = more.problems ?? [];
  }
}
