import { expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

const clauses = [
  kept("scope_statement", "SC-01", { state: "approved" }),
  kept("aims_process", "PR-01"),
  kept("policy", "POL-01", { state: "published" }),
  kept("risk", "RSK-001", { state: "assessed" }),
  kept("treatment_plan", "TP-01", { state: "approved" }),
  kept("soa", "SOA-01", { state: "approved" }),
  kept("impact_assessment", "IA-01", { state: "approved" }),
  kept("objective", "OBJ-1", { state: "approved" }),
  kept("competence_record", "CR-01", { state: "valid" }),
  kept("release", "REL-01", { state: "deployed" }),
  kept("measurement", "MEA-0001"),
  kept("audit_programme", "AP-01", { state: "running" }),
  kept("audit", "AU-01", { state: "reported" }),
  kept("management_review", "MR-01", { state: "approved" }),
  kept("document", "DOC-01", { state: "effective", covers_nodes: ["6.1.2", "6.1.3"] }),
];
const entry = (control_id: string, given: object = {}) =>
  kept("soa_entry", `SOE-${control_id}`, { state: "in_force", soa: "SOA-01", control_id, included: true, ...given });

test("each required entry of the clauses is met by a record or document", () => {
  expect(holds("docs.required_set", clauses, "2026-11-23")[0]).toBe("pass");
  for (const record of clauses) {
    if (record.kind === "scope_statement")
      expect(
        holds(
          "docs.required_set",
          clauses.filter((one) => one !== record),
          "2026-11-23",
        ),
      ).toEqual(["fail", 'nothing is kept for "Scope statement" (4.3)']);
    expect(
      holds(
        "docs.required_set",
        clauses.filter((one) => one !== record),
        "2026-11-23",
      )[0],
      record.ref,
    ).toBe("fail");
  }
});

test("a draft meets nothing", () => {
  const drafted = clauses.map((record) => (record.ref === "SOA-01" ? { ...record, state: "draft" } : record));
  expect(holds("docs.required_set", drafted, "2026-11-23")[0]).toBe("fail");
});

test("a control asks for its information only while the statement includes it", () => {
  expect(holds("docs.required_set", [...clauses, entry("A.7.2")], "2026-11-23")).toEqual([
    "fail",
    'SOE-A.7.2: nothing is kept for "Data management process" (A.7.2)',
  ]);
  expect(holds("docs.required_set", [...clauses, entry("A.7.2", { included: false })], "2026-11-23")[0]).toBe("pass");
  expect(holds("docs.required_set", [...clauses, entry("A.7.2", { state: "superseded" })], "2026-11-23")[0]).toBe(
    "pass",
  );
  expect(
    holds(
      "docs.required_set",
      [...clauses, entry("A.7.2"), kept("document", "DOC-04", { state: "effective", covers_nodes: ["A.7.2"] })],
      "2026-11-23",
    )[0],
  ).toBe("pass");
  expect(holds("docs.required_set", [...clauses, entry("A.6.2.4")], "2026-11-23")[0]).toBe("fail");
  expect(
    holds(
      "docs.required_set",
      [...clauses, entry("A.6.2.4"), kept("evaluation", "EV-01", { state: "reported" })],
      "2026-11-23",
    )[0],
  ).toBe("pass");
});
