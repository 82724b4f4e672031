import { expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = kept("ai_system", "AIS-01", { state: "deployed", in_scope: true, datasets: ["DS-01"] });
const whole = {
  state: "in_use",
  version: "v4",
  digest: "sha256:c",
  use: ["train"],
  purpose: "Train the score",
  categories: ["vital signs"],
  source: "Own records",
  acquisition_date: "2025-01-10",
  last_updated_on: "2025-02-01",
  quantity: "412,380 visits",
  rights_basis: "Public task",
  personal_data: "yes",
  special_category: true,
  subjects: "Emergency patients",
  earlier_uses: "None",
  quality_requirements: [{ name: "vital signs complete", threshold: "≥ 97 %" }],
  quality_results: [{ name: "vital signs complete", value: "98.2", pass: true, on: "2026-05-20" }],
  preparation_steps: [{ step: "clean", reason: "doubles", tool_version: "prep 2.1" }],
  retention: "Until 2035",
  known_bias: "Interpreter patients coded late",
  bias_review: { on: "2026-05-20", result: "known" },
  steward: "P13",
  procedure_version: "3.0",
  provenance_chain: [
    { step: "export", output_digest: "sha256:a", by: "P13", on: "2025-01-10" },
    { step: "clean", input_digest: "sha256:a", output_digest: "sha256:b", by: "P12", on: "2025-01-20" },
    { step: "split", input_digest: "sha256:b", output_digest: "sha256:c", by: "P12", on: "2025-02-01" },
  ],
};
const dataset = (change: Record<string, unknown> = {}) => kept("dataset", "DS-01", { ...whole, ...change });
const procedure = (change: Record<string, unknown> = {}) =>
  kept("document", "DOC-04", {
    state: "effective",
    doc_kind: "procedure",
    covers_nodes: ["A.7.2"],
    topics: ["privacy_and_security", "transparency", "representativeness", "accuracy", "integrity"],
    next_review_on: "2027-09-30",
    ...change,
  });
const release = (change: Record<string, unknown> = {}) =>
  kept("release", "REL-01", {
    state: "deployed",
    ai_system: "AIS-01",
    datasets: [{ dataset: "DS-01", version: "v4", digest: "sha256:c" }],
    ...change,
  });

test("a data set of a system in scope is documented when it states all that is asked", () => {
  expect(holds("dataset.documented", [system, dataset()], day)).toEqual(["pass", ""]);
  expect(holds("dataset.documented", [system, dataset({ known_bias: undefined })], day)).toEqual([
    "fail",
    "DS-01: does not state its known bias",
  ]);
  expect(holds("dataset.documented", [system, dataset({ preparation_steps: [] })], day)[0]).toBe("fail");
  expect(
    holds(
      "dataset.documented",
      [system, dataset({ preparation_steps: [], preparation_none: "Read as it is" })],
      day,
    )[0],
  ).toBe("pass");
});

test("a data set that no system in scope uses is not asked to be documented", () => {
  const out = kept("ai_system", "AIS-01", { state: "deployed", in_scope: false, datasets: ["DS-01"] });
  expect(holds("dataset.documented", [out, dataset({ known_bias: undefined })], day)[0]).toBe("pass");
  expect(holds("dataset.documented", [], day)[0]).toBe("not_applicable");
});

test("data is managed while a procedure in date covers it and each set in use follows it under a steward", () => {
  expect(holds("data.management", [procedure(), dataset()], day)[0]).toBe("pass");
  expect(holds("data.management", [procedure({ topics: ["accuracy"] }), dataset()], day)[0]).toBe("fail");
  expect(holds("data.management", [procedure(), dataset({ steward: undefined })], day)).toEqual([
    "fail",
    "DS-01: does not name a steward",
  ]);
});

test("the procedure for data counts up to the day its review is due, and not after", () => {
  expect(holds("data.management", [procedure(), dataset()], "2027-09-30")[0]).toBe("pass");
  expect(holds("data.management", [procedure(), dataset()], "2027-10-01")[0]).toBe("fail");
});

test("a data set in use says how it was acquired; one that is only proposed need not yet", () => {
  expect(holds("data.acquisition", [dataset()], day)[0]).toBe("pass");
  expect(holds("data.acquisition", [dataset({ rights_basis: undefined })], day)).toEqual([
    "fail",
    "DS-01: does not state its rights basis",
  ]);
  expect(holds("data.acquisition", [dataset({ special_category: false })], day)[0]).toBe("pass");
  expect(holds("data.acquisition", [dataset({ state: "proposed", rights_basis: undefined })], day)[0]).toBe(
    "not_applicable",
  );
});

test("a quality requirement needs a threshold", () => {
  expect(holds("data.quality_defined", [system, dataset()], day)[0]).toBe("pass");
  expect(
    holds("data.quality_defined", [system, dataset({ quality_requirements: [{ name: "complete" }] })], day)[0],
  ).toBe("fail");
});

test("a release needs each requirement met in the version it uses, or a deviation accepted with a reason", () => {
  const missed = { name: "vital signs complete", value: "91", pass: false, on: "2026-05-20" };
  expect(holds("data.quality_met", [release(), dataset()], day)[0]).toBe("pass");
  expect(holds("data.quality_met", [release(), dataset({ quality_results: [missed] })], day)[0]).toBe("fail");
  expect(
    holds(
      "data.quality_met",
      [release(), dataset({ quality_results: [{ ...missed, deviation: { reason: "Recoded since" } }] })],
      day,
    )[0],
  ).toBe("pass");
  expect(
    holds(
      "data.quality_met",
      [release(), dataset({ quality_results: [{ ...missed, pass: true, version: "v3" }] })],
      day,
    ),
  ).toEqual(["fail", 'REL-01: DS-01 has no result for "vital signs complete"']);
  expect(holds("data.quality_met", [release({ state: "planned" }), dataset({ quality_results: [] })], day)[0]).toBe(
    "not_applicable",
  );
});

test("data about people has a bias review that has taken place", () => {
  expect(holds("data.bias_reviewed", [dataset()], "2026-05-20")[0]).toBe("pass");
  expect(holds("data.bias_reviewed", [dataset()], "2026-05-19")[0]).toBe("fail");
  expect(holds("data.bias_reviewed", [dataset({ bias_review: undefined })], day)[0]).toBe("fail");
  expect(holds("data.bias_reviewed", [dataset({ personal_data: "none", bias_review: undefined })], day)[0]).toBe(
    "not_applicable",
  );
  expect(holds("data.bias_reviewed", [dataset({ personal_data: undefined, bias_review: undefined })], day)[0]).toBe(
    "unknown",
  );
});

test("provenance is unbroken from the source to the digest that a release uses", () => {
  const [first, second, third] = whole.provenance_chain;
  expect(holds("data.provenance", [release(), dataset()], day)[0]).toBe("pass");
  expect(holds("data.provenance", [release(), dataset({ provenance_chain: [first, third] })], day)).toEqual([
    "fail",
    'REL-01: DS-01 has a gap in its provenance before "split"',
  ]);
  expect(holds("data.provenance", [release(), dataset({ provenance_chain: [first, second] })], day)[0]).toBe("fail");
  expect(
    holds(
      "data.provenance",
      [release(), dataset({ provenance_chain: [first, { ...second, by: undefined }, third] })],
      day,
    )[0],
  ).toBe("fail");
});

test("a release keeps its provenance when the data set has moved on to a later version", () => {
  const later = { step: "refresh", input_digest: "sha256:c", output_digest: "sha256:d", by: "P12", on: "2026-10-05" };
  expect(
    holds(
      "data.provenance",
      [release(), dataset({ digest: "sha256:d", provenance_chain: [...whole.provenance_chain, later] })],
      day,
    )[0],
  ).toBe("pass");
});

test("each step of preparation has its reason and its tool", () => {
  expect(holds("data.preparation", [dataset()], day)[0]).toBe("pass");
  expect(holds("data.preparation", [dataset({ preparation_steps: [] })], day)[0]).toBe("fail");
  expect(
    holds("data.preparation", [dataset({ preparation_steps: [{ step: "label", reason: "truth" }] })], day),
  ).toEqual(["fail", 'DS-01: gives no reason or tool version for "label"']);
  expect(holds("data.preparation", [dataset({ use: ["operate"], preparation_steps: [] })], day)[0]).toBe(
    "not_applicable",
  );
});
