import { pino } from "pino";
import { expect, test } from "vitest";
import { Wait } from "#app/attempt.ts";
import { errorOf, problem, problemType } from "#contract/problem.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { answerOf, Declined, refusals, streamOf } from "./problem.ts";

function incident() {
  const log: string[] = [];
  return { id: "request-7", log: pino({}, { write: (line: string) => log.push(line) }), lines: log };
}

test("a refusal comes back from its problem as it was thrown, rule and places included", async () => {
  const refusal = new Refusal("guard", "Cannot approve RSK-001: it is high", {
    rule: "INV-07",
    place: { record: "RSK-001", field: "current" },
    problems: [{ message: "too high", place: { field: "current" } }],
  });
  const response = answerOf(refusal, incident());
  expect(response.status).toBe(422);
  expect(response.headers.get("content-type")).toBe(problemType);
  const told = problem.parse(await response.json());
  expect(told).toMatchObject({
    status: 422,
    code: "guard",
    rule: "INV-07",
    detail: refusal.message,
    request_id: "request-7",
    type: "/api/docs#guard",
  });
  const back = errorOf(told);
  expect(back).toBeInstanceOf(Refusal);
  expect(back).toMatchObject({
    code: "guard",
    message: refusal.message,
    rule: "INV-07",
    place: refusal.place,
    problems: refusal.problems,
  });
});

test("a fault shows a number, and its reason stands in the log alone, with its stack", async () => {
  const { lines, ...where } = incident();
  const response = answerOf(new Error("the secret of the fault"), where);
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(text).not.toContain("secret");
  expect(text).toContain("request-7");
  expect(lines.join("")).toMatch(/the secret of the fault.*problem\.test\.ts/);
  expect(errorOf(problem.parse(JSON.parse(text)))).not.toBeInstanceOf(Refusal);
});

test("a refusal is not logged as a fault", () => {
  const { lines, ...where } = incident();
  answerOf(new Refusal("not-found", "Cannot find it"), where);
  expect(lines).toEqual([]);
});

test("whoever has to wait is told for how long, and whoever has to sign in how", () => {
  expect(answerOf(new Wait("Cannot check password: wait", 8), incident()).headers.get("retry-after")).toBe("8");
  expect(answerOf(new Refusal("not-signed-in", "Cannot"), incident()).headers.get("www-authenticate")).toMatch(
    /^Bearer/,
  );
  expect(answerOf(new Refusal("credential-needed", "Cannot"), incident()).status).toBe(401);
});

test("a refusal with a status of its own keeps its headers", () => {
  const response = answerOf(new Declined(405, "not-found", "Cannot PUT here", { allow: "GET" }), incident());
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
});

test("every code has a status of the class that says whose turn it is", () => {
  for (const { code, status } of refusals)
    expect(status, code).toSatisfy((each: number) => (each >= 400 && each < 500) || each === 503);
});

test("lines that fail in the middle end with the reason, in words for a refusal and as a number for a fault", async () => {
  const failing = (error: Error) =>
    (async function* () {
      yield { done: 1 };
      throw error;
    })();
  const refused = await new Response(
    streamOf(failing(new Refusal("unavailable", "Cannot go on: the disk is full")), incident()),
  ).text();
  expect(refused).toBe('{"done":1}\n{"failed":"Cannot go on: the disk is full"}\n');
  const { lines, ...where } = incident();
  const failed = await new Response(streamOf(failing(new Error("a secret")), where)).text();
  expect(failed).not.toContain("secret");
  expect(failed).toContain("request-7");
  expect(lines.join("")).toContain("a secret");
});

test("lines that nobody reads any more are no longer made", async () => {
  let isOver = false;
  const values = (async function* () {
    try {
      for (let count = 0; ; count++) yield { count };
    } finally {
      isOver = true;
    }
  })();
  const reader = streamOf(values, incident()).getReader();
  await reader.read();
  await reader.cancel();
  expect(isOver).toBe(true);
});
