import { expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-03", {
    state: "deployed",
    in_scope: true,
    acquisition: "in_house",
    models: ["MD-04"],
    datasets: ["DS-01"],
    ...change,
  });
const of = { state: "allocated", ai_systems: ["AIS-03"] };
const people = (change: Record<string, unknown> = {}) =>
  kept("resource", "RES-11", {
    ...of,
    resource_kind: "people",
    category: "staff_time",
    lifecycle_stages: ["development", "operation", "oversight", "retirement"],
    domain_expert: true,
    ...change,
  });
const tool = {
  name: "trainer",
  version: "2.4",
  source: "package mirror",
  approved_source: "AS-03",
  licence: "Apache-2.0",
};
const tooling = (tools: readonly Record<string, unknown>[] = [tool]) =>
  kept("resource", "RES-12", { ...of, resource_kind: "technology", category: "tooling", tools });
const cluster = (change: Record<string, unknown> = {}) =>
  kept("resource", "RES-13", {
    ...of,
    resource_kind: "infrastructure",
    category: "cluster",
    location: "NGH",
    hosting_party: "SU-04",
    capacity_limit: "2 cores",
    environment_name: "production",
    footprint_note: "slight",
    ...change,
  });
const source = (state = "approved") => kept("approved_source", "AS-03", { state });
const skill = (change: Record<string, unknown> = {}) =>
  kept("competence_requirement", "CQ-05", {
    state: "in_force",
    ai_systems: ["AIS-03"],
    lifecycle_stages: ["acquisition", "operation", "oversight", "retirement"],
    ...change,
  });

test("a system lists what it stands on, or says why a list is empty", () => {
  expect(holds("resource.register", [system(), people(), tooling(), cluster()], day)[0]).toBe("pass");
  expect(holds("resource.register", [system(), people(), cluster()], day)).toEqual([
    "fail",
    "AIS-03: lists no tooling and gives no reason",
  ]);
  expect(
    holds(
      "resource.register",
      [system({ empty_lists: [{ list: "tooling", reason: "Bought whole" }] }), people(), cluster()],
      day,
    )[0],
  ).toBe("pass");
  expect(holds("resource.register", [system({ state: "idea" })], day)[0]).toBe("not_applicable");
});

test("a resource that is only asked for does not carry a system", () => {
  expect(holds("resource.register", [system(), people({ state: "requested" }), tooling(), cluster()], day)[0]).toBe(
    "fail",
  );
});

test("each tool names version, source and licence, and comes from an approved source", () => {
  expect(holds("tooling.documented", [system(), tooling(), source()], day)[0]).toBe("pass");
  expect(holds("tooling.documented", [system()], day)[0]).toBe("fail");
  expect(holds("tooling.documented", [system(), tooling([{ ...tool, licence: undefined }]), source()], day)).toEqual([
    "fail",
    "AIS-03: trainer lacks licence",
  ]);
  expect(holds("tooling.documented", [system(), tooling(), source("revoked")], day)[0]).toBe("fail");
  expect(holds("tooling.documented", [system({ acquisition: "bought" })], day)[0]).toBe("not_applicable");
});

test("an exception covers a tool up to its last day", () => {
  const excepted = tooling([{ ...tool, approved_source: undefined, exception: "EX-09" }]);
  const exception = kept("exception", "EX-09", { state: "granted", valid_until: "2026-12-31" });
  expect(holds("tooling.documented", [system(), excepted, exception], "2026-12-31")[0]).toBe("pass");
  expect(holds("tooling.documented", [system(), excepted, exception], "2027-01-01")[0]).toBe("fail");
});

test("computing names place, host, limit, environment and footprint", () => {
  expect(holds("computing.documented", [system(), cluster()], day)[0]).toBe("pass");
  expect(holds("computing.documented", [system(), cluster({ footprint_note: undefined })], day)).toEqual([
    "fail",
    "AIS-03: RES-13 lacks its footprint note",
  ]);
  expect(holds("computing.documented", [system()], day)[0]).toBe("fail");
  expect(holds("computing.documented", [system({ state: "development" })], day)[0]).toBe("not_applicable");
});

test("people and skills cover every part of the system's life, with an expert of the subject", () => {
  expect(holds("people.documented", [system(), people(), skill()], day)[0]).toBe("pass");
  expect(holds("people.documented", [system(), people({ domain_expert: false }), skill()], day)).toEqual([
    "fail",
    "AIS-03: names no expert of the subject",
  ]);
  expect(holds("people.documented", [system(), people({ lifecycle_stages: ["development"] }), skill()], day)[0]).toBe(
    "fail",
  );
  expect(
    holds(
      "people.documented",
      [system(), people(), skill({ lifecycle_stages: ["operation", "oversight", "retirement"] })],
      day,
    ),
  ).toEqual(["fail", "AIS-03: asks for no competence in development or acquisition"]);
});
