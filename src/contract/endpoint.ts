import type * as z from "zod";

export type Method = "GET" | "POST" | "DELETE";

/** Whom an endpoint serves. What a member may see or do there, their roles decide. */
export type Audience = "public" | "member" | "administrator";

/** The form of an answer: `lines` is JSON, one value a line, as it comes. */
export type AnswerForm = "json" | "text" | "bytes" | "lines";

/**
 * One thing that the API does, as data: server, command line and browser agree on it, and the API
 * document is printed from it. Members of the input that the path names travel there; the others as
 * the query of a GET or DELETE, and as the JSON body of a POST.
 */
export type Endpoint<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Name extends string = string,
> = {
  readonly name: Name;
  readonly method: Method;
  /** `/api/records/{kind}`; a member in braces may hold `/` only when it is `rest`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Under which heading the documentation shows it. */
  readonly about: string;
  readonly who: Audience;
  readonly input: Input;
  /** What the answer is; for `lines`, what each line is. */
  readonly output: Output;
  readonly answer: AnswerForm;
  readonly mediaType: string;
  /** The status of a good answer. */
  readonly status: 200 | 201;
  /** The last member of the path, when it may hold several segments. */
  readonly rest?: string;
  /** The member of the input that travels as If-Match: the version that the asker saw. */
  readonly ifMatch?: string;
  /** The longest body that is read. */
  readonly bodyBytes: number;
  /** May be asked by a person alone, not with a token: what a stolen token must not do. */
  readonly byPersonOnly: boolean;
};

/** What an endpoint is asked. */
export type InputOf<E extends Endpoint> = z.input<E["input"]>;

/** What it answers. */
export type OutputOf<E extends Endpoint> = z.output<E["output"]>;

const mediaTypes: Record<AnswerForm, string> = {
  json: "application/json",
  text: "text/plain",
  bytes: "application/octet-stream",
  lines: "application/x-ndjson",
};

type Defaulted = "answer" | "mediaType" | "status" | "bodyBytes" | "byPersonOnly";
type Given = Omit<Endpoint, Defaulted> & Partial<Pick<Endpoint, Defaulted>>;
/** What was given, as narrow as it was given: a handler's type depends on whom it serves and in which form. */
type Made<E extends Given> = Endpoint<E["input"], E["output"], E["name"]> &
  Pick<E, "who"> & { answer: E["answer"] extends AnswerForm ? E["answer"] : "json" };

/** The endpoint, with what most of them have in common filled in. */
export function endpoint<const E extends Given>(given: E): Made<E> {
  const answer = given.answer ?? "json";
  const made: Endpoint = {
    mediaType: mediaTypes[answer],
    status: 200,
    bodyBytes: 1_000_000,
    byPersonOnly: false,
    ...given,
    answer,
  };
  // Only what is absent was filled in.
  return made as Made<E>;
}

/** The members of the input that the path names. */
export function membersOfPath(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
}
