import { expect, test } from "vitest";
import { approved, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-03", {
    state: "deployed",
    in_scope: true,
    acquisition: "in_house",
    deployed_on: "2026-06-08",
    requirements_doc: "DOC-21",
    design_doc: "DOC-21",
    technical_doc: "DOC-21",
    user_info_doc: "DOC-21",
    use_rules_doc: "DOC-21",
    ...change,
  });
const paper = (topics: readonly string[], change: Record<string, unknown> = {}) =>
  kept("document", "DOC-21", {
    state: "effective",
    topics,
    describes: { ai_system: "AIS-03", release: "REL-03" },
    audiences: [{ part: "all", audience: "operators" }],
    ...change,
  });
const release = (ref: string, version: string, deployed_on: string) =>
  kept("release", ref, { state: "deployed", ai_system: "AIS-03", version, deployed_on });
const running = release("REL-03", "3.4.1", "2026-06-08");
const start = kept("organization", "ORG-01", { state: "established", aims_start_date: "2025-10-06" });

const requirements = ["purpose", "performance", "data", "safety", "oversight", "legal"];
const technical = ["purpose", "usage", "limits", "components", "oversight", "monitoring"];
const information = ["says_it_is_ai", "purpose", "usage", "limits", "error_rates", "when_to_check", "help"];

test("requirements are approved as they stand and cover what is asked", () => {
  const document = paper(requirements);
  expect(holds("sys.requirements", [system(), document, approved(document)], day)[0]).toBe("pass");
  expect(holds("sys.requirements", [system({ requirements_doc: undefined })], day)).toEqual([
    "fail",
    "AIS-03: has no requirements document",
  ]);
  expect(holds("sys.requirements", [system(), document], day)[0]).toBe("fail");
  expect(holds("sys.requirements", [system(), document, approved(document, { bound_to: "other" })], day)[0]).toBe(
    "fail",
  );
  const short = paper(requirements.slice(1));
  expect(holds("sys.requirements", [system(), short, approved(short)], day)).toEqual([
    "fail",
    "AIS-03: DOC-21 does not cover purpose",
  ]);
  expect(holds("sys.requirements", [system({ state: "idea", requirements_doc: undefined })], day)[0]).toBe(
    "not_applicable",
  );
});

test("requirements are approved anew on the day of a material change or later", () => {
  const document = paper(requirements);
  const changed = system({ last_material_change_on: "2026-10-05" });
  expect(
    holds(
      "sys.requirements",
      [changed, document, approved(document, { decided_at: "2026-10-05T08:00:00.000Z" })],
      day,
    )[0],
  ).toBe("pass");
  expect(
    holds(
      "sys.requirements",
      [changed, document, approved(document, { decided_at: "2026-10-04T08:00:00.000Z" })],
      day,
    )[0],
  ).toBe("fail");
});

test("a system built here has a design record; a bought one need not", () => {
  const design = paper(["model_choice", "alternatives", "data", "security", "oversight", "requirements_served"]);
  expect(holds("sys.design_record", [system(), design], day)[0]).toBe("pass");
  expect(holds("sys.design_record", [system(), paper(["model_choice"])], day)[0]).toBe("fail");
  expect(holds("sys.design_record", [system(), kept("document", "DOC-21", { state: "draft" })], day)).toEqual([
    "fail",
    "AIS-03: DOC-21 is draft",
  ]);
  expect(holds("sys.design_record", [system({ acquisition: "bought" })], day)[0]).toBe("not_applicable");
});

test("technical documentation speaks of the version in use and says for whom", () => {
  expect(holds("sys.technical_docs", [system(), paper(technical), running], day)[0]).toBe("pass");
  expect(holds("sys.technical_docs", [system(), paper(technical, { audiences: [] }), running], day)[0]).toBe("fail");
  const next = release("REL-09", "3.5.0", "2026-11-01");
  expect(holds("sys.technical_docs", [system(), paper(technical), running, next], day)).toEqual([
    "fail",
    "AIS-03: DOC-21 describes version 3.4.1, and 3.5.0 is in use",
  ]);
});

test("a release that only adds a site leaves the papers of its version true", () => {
  expect(
    holds(
      "sys.technical_docs",
      [system(), paper(technical), running, release("REL-07", "3.4.1", "2026-10-05")],
      day,
    )[0],
  ).toBe("pass");
});

test("users are informed before first use; what ran before the AIMS must have informed them since", () => {
  const told = (happened_on: string) =>
    kept("communication_event", "CE-03", { state: "sent", about: ["AIS-03"], happened_on });
  const given = [paper(information), running, start];
  expect(holds("info.users", [system(), ...given, told("2026-06-08")], day)[0]).toBe("pass");
  expect(holds("info.users", [system(), ...given, told("2026-06-09")], day)).toEqual([
    "fail",
    "AIS-03: its users were first informed on 2026-06-09, and it was in use from 2026-06-08",
  ]);
  expect(holds("info.users", [system(), ...given], day)[0]).toBe("fail");
  expect(holds("info.users", [system({ deployed_on: "2025-09-15" }), ...given, told("2026-06-10")], day)[0]).toBe(
    "pass",
  );
  expect(holds("info.users", [system(), paper(["purpose"]), running, start, told("2026-06-08")], day)[0]).toBe("fail");
});

test("use rules say who, what for, what to check and what not to do", () => {
  const rules = ["who_may_use", "purpose", "approvals", "human_checks", "what_not_to_do", "when_it_fails"];
  expect(holds("use.rules", [system(), paper(rules, { next_review_on: "2026-11-23" })], day)[0]).toBe("pass");
  expect(holds("use.rules", [system(), paper(rules, { next_review_on: "2026-11-22" })], day)).toEqual([
    "fail",
    "AIS-03: DOC-21 was due for review on 2026-11-22",
  ]);
  expect(holds("use.rules", [system(), paper(rules.slice(1))], day)[0]).toBe("fail");
});

test("use rules are held against the supplier's instructions for the version in use", () => {
  const bought = (checked: string | undefined) =>
    system({
      acquisition: "bought",
      supplier_instructions: [
        {
          supplier: "SU-02",
          document: "DOC-21",
          version: "4.2",
          version_since: "2026-06-15",
          use_rules_checked_on: checked,
        },
      ],
    });
  expect(holds("use.supplier_instructions", [bought("2026-06-15"), paper([])], day)[0]).toBe("pass");
  expect(holds("use.supplier_instructions", [bought("2026-06-14"), paper([])], day)[0]).toBe("fail");
  expect(holds("use.supplier_instructions", [bought(undefined), paper([])], day)[0]).toBe("fail");
  expect(holds("use.supplier_instructions", [system({ acquisition: "service" })], day)[0]).toBe("fail");
  expect(holds("use.supplier_instructions", [system()], day)[0]).toBe("not_applicable");
});
