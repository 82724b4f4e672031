import type { Logger } from "pino";
import { Wait } from "#app/attempt.ts";
import { problemType, type Problem } from "#contract/problem.ts";
import { Refusal, type RefusalCode } from "#core/basics/refusal.ts";

const statusOf: Record<RefusalCode, number> = {
  malformed: 400,
  "too-large": 413,
  "not-found": 404,
  "not-signed-in": 401,
  "not-permitted": 403,
  "duties-apart": 403,
  "wrong-state": 409,
  guard: 422,
  stale: 412,
  conflict: 409,
  "credential-needed": 401,
  "too-many": 429,
  "proof-rejected": 422,
  incompatible: 422,
  unavailable: 503,
};

const titleOf: Record<RefusalCode, string> = {
  malformed: "Not of its form",
  "too-large": "Too large",
  "not-found": "Not found",
  "not-signed-in": "Not signed in",
  "not-permitted": "Not permitted",
  "duties-apart": "Duties are kept apart",
  "wrong-state": "Not in this state",
  guard: "A rule stands in the way",
  stale: "Changed meanwhile",
  conflict: "Taken already",
  "credential-needed": "Password needed",
  "too-many": "Too many",
  "proof-rejected": "Proof rejected",
  incompatible: "Of another version",
  unavailable: "Not available",
};

/** A refusal that HTTP has a status of its own for. */
export class Declined extends Refusal {
  status: number;
  headers: Readonly<Record<string, string>>;

  constructor(status: number, code: RefusalCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.status = status;
    this.headers = headers;
  }
}

/** Which request it was, and where its faults are told. */
export type Incident = { id: string; log: Logger };

/** What the asker gets of whatever was thrown: a refusal in its words, a fault as a number to ask about. RFC 9457. */
export function answerOf(error: unknown, { id, log }: Incident): Response {
  if (!(error instanceof Refusal)) {
    log.error({ err: error, request: id }, "fault");
    const told: Problem = {
      type: "about:blank",
      title: "Our fault",
      status: 500,
      detail: `The server failed; its log tells why under "${id}"`,
      code: "fault",
      request_id: id,
    };
    return respond(told, {});
  }
  const status = error instanceof Declined ? error.status : statusOf[error.code];
  return respond(
    {
      type: `/api/docs#${error.code}`,
      title: titleOf[error.code],
      status,
      detail: error.message,
      code: error.code,
      ...(error.rule === undefined ? {} : { rule: error.rule }),
      ...(error.place === undefined ? {} : { place: error.place }),
      ...(error.problems.length === 0 ? {} : { problems: error.problems.slice(0, 200) }),
      request_id: id,
    },
    {
      ...(status === 401 ? { "www-authenticate": 'Bearer realm="aims"' } : {}),
      ...(error instanceof Wait ? { "retry-after": String(error.seconds) } : {}),
      ...(error instanceof Declined ? error.headers : {}),
    },
  );
}

/** What the statuses and codes of refusals are, for the documentation. */
export const refusals: readonly { code: RefusalCode; status: number; title: string }[] = Object.entries(statusOf).map(
  ([code, status]) => ({
    code: code as RefusalCode,
    status,
    title: titleOf[code as RefusalCode],
  }),
);

/** Values as lines of JSON. The answer has begun when one fails: what is left is to say so in its last line. */
export function streamOf(values: AsyncIterable<unknown>, { id, log }: Incident): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = values[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
      } catch (error) {
        if (!(error instanceof Refusal)) log.error({ err: error, request: id }, "fault");
        const failed = error instanceof Refusal ? error.message : `The server failed; its log tells why under "${id}"`;
        controller.enqueue(encoder.encode(`${JSON.stringify({ failed })}\n`));
        controller.close();
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function respond(problem: Problem, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": problemType, "cache-control": "no-store", ...headers },
  });
}
