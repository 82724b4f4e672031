import { expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

const organization = kept("organization", "ORG-01");
const everything = ["4", "5", "6", "7", "8", "9", "10"];
const process = (ref: string, given: object = {}) =>
  kept("aims_process", ref, {
    owner: "P04",
    inputs: ["a"],
    outputs: ["b"],
    criteria: "c",
    serves_nodes: everything,
    ...given,
  });
const linked = [process("PR-01", { linked: ["PR-02"] }), process("PR-02")];

test("every process has its parts and a link, and together they serve every clause", () => {
  expect(holds("aims.processes", [organization, ...linked], "2026-11-23")[0]).toBe("pass");
  expect(holds("aims.processes", [organization, process("PR-01")], "2026-11-23")).toEqual([
    "fail",
    "PR-01: it is linked to no other process",
  ]);
  expect(
    holds(
      "aims.processes",
      [organization, process("PR-01", { linked: ["PR-02"], criteria: undefined }), process("PR-02")],
      "2026-11-23",
    ),
  ).toEqual(["fail", "PR-01: it has no criteria"]);
  expect(holds("aims.processes", [organization], "2026-11-23")[0]).toBe("fail");
});

test("a clause that no active process serves is named", () => {
  const without = linked.map((one) => ({ ...one, serves_nodes: ["4", "5", "6.1", "6.2", "7", "8", "9", "10"] }));
  expect(holds("aims.processes", [organization, ...without], "2026-11-23")).toEqual([
    "fail",
    "ORG-01: no process serves 6.3",
  ]);
  expect(
    holds(
      "aims.processes",
      [organization, ...without, process("PR-03", { state: "draft", serves_nodes: ["6.3"] })],
      "2026-11-23",
    )[0],
  ).toBe("fail");
});

const beats = [
  kept("risk", "RSK-001", { assessed_on: "2026-01-10" }),
  kept("measurement", "MEA-0001", { collected_on: "2026-01-10" }),
  kept("audit", "AU-01", { state: "reported", report_issued_on: "2026-01-10" }),
  kept("management_review", "MR-01", { state: "approved", held_on: "2026-01-10" }),
  kept("improvement", "IMP-01", { state: "done", done_on: "2026-01-10" }),
];

test("the system beats while each of its five signs is at most twelve months old", () => {
  expect(holds("aims.pulse", [organization, ...beats], "2027-01-10")[0]).toBe("pass");
  expect(holds("aims.pulse", [organization, ...beats], "2027-01-11")[0]).toBe("fail");
  for (const [position] of beats.entries())
    expect(holds("aims.pulse", [organization, ...beats.toSpliced(position, 1)], "2026-11-23")[0]).toBe("fail");
});

test("a corrective action counts as well as an improvement", () => {
  expect(
    holds(
      "aims.pulse",
      [
        organization,
        ...beats.slice(0, 4),
        kept("corrective_action", "CA-01", { state: "done", done_on: "2026-01-10" }),
      ],
      "2026-11-23",
    )[0],
  ).toBe("pass");
});
