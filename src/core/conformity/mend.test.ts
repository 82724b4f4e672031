import { expect, test } from "vitest";
import { kinds, type KindName } from "#core/records/all.ts";
import type { Deed } from "#core/records/deed.ts";
import { schemaOf } from "#core/records/kind.ts";
import { checkTexts } from "#core/standard/catalogue.ts";
import { checks } from "./all.ts";
import type { Check } from "./check.ts";
import { kept } from "./ground.testing.ts";
import { linkOf, make, mendsOpen, on } from "./mend.ts";

const deedOf = (kind: KindName, deed: string): Deed | undefined => kinds[kind].deeds[deed];
const nearOf = (check: Check): Set<KindName> =>
  new Set(
    check.clauses.flatMap((clause) => [
      clause.over,
      ...Object.values(clause.follow).flatMap(({ steps }) => steps.map(({ kind }) => kind)),
    ]),
  );
const allMends = checks.flatMap((check) =>
  check.mends.map((mend) => ({ check, mend, says: `${check.id}: ${JSON.stringify(mend)}` })),
);

test("every check says how it is mended", () => {
  expect(checks.filter((check) => check.mends.length === 0).map(({ id }) => id)).toEqual([]);
  expect(checks).toHaveLength(checkTexts.size);
});

test("every mend is a deed of its kind that people may do, and makes a record when it says so", () => {
  const wrong = allMends.filter(({ mend }) => {
    const deed = "on" in mend ? deedOf(mend.on, mend.deed) : deedOf(mend.make, mend.deed);
    if (!deed || deed.byTime === true || deed.who.every(({ by }) => by === "machine")) return true;
    return (deed.from === "new") !== "make" in mend;
  });
  expect(wrong.map(({ says }) => says)).toEqual([]);
});

test("a mend on a record is on one that the check looks at", () => {
  const wrong = allMends.filter(({ check, mend }) => "on" in mend && !nearOf(check).has(mend.on));
  expect(wrong.map(({ says }) => says)).toEqual([]);
});

test("what a new record is about is a link that it may set, to a kind that the check looks at", () => {
  const wrong = allMends.filter(({ check, mend }) => {
    if (!("make" in mend) || mend.about === undefined) return false;
    const { to } = linkOf(mend.make, mend.about);
    const sets = deedOf(mend.make, mend.deed)?.sets;
    const isNear = to.length === 0 || to.some((kind) => nearOf(check).has(kind));
    return !isNear || (sets !== undefined && !sets.includes(mend.about));
  });
  expect(wrong.map(({ says }) => says)).toEqual([]);
});

test("what is filled in beforehand fits its fields", () => {
  const wrong = allMends.filter(({ mend }) => {
    if (!("make" in mend) || mend.with === undefined) return false;
    const sets = deedOf(mend.make, mend.deed)?.sets;
    return (
      !schemaOf(kinds[mend.make]).safeParse(mend.with).success ||
      (sets !== undefined && Object.keys(mend.with).some((field) => !sets.includes(field)))
    );
  });
  expect(wrong.map(({ says }) => says)).toEqual([]);
});

test("a deed is offered on those records whose state allows it, in the order of the check", () => {
  const mends = [on("resource", "approve"), on("resource", "allocate"), on("task", "finish")];
  const records = [
    kept("resource", "RES-01", { state: "approved" }),
    kept("resource", "RES-02", { state: "requested" }),
    kept("person", "P01"),
  ];
  expect(mendsOpen(mends, records)).toEqual([
    { ref: "RES-02", kind: "resource", deed: "approve", title: "Approve resource", fields: {} },
    { ref: "RES-01", kind: "resource", deed: "allocate", title: "Allocate resource", fields: {} },
  ]);
});

test("a new record is offered with what is known: what it is about, and what the check says of it", () => {
  const mends = [
    make("impact_assessment", "open", { about: "ai_system", with: { stage: "in_use" } }),
    make("treatment_plan", "draft", { about: "risks" }),
    make("task", "open", { about: "why" }),
    make("audit", "plan"),
  ];
  const fields = (...records: Parameters<typeof mendsOpen>[1]) =>
    mendsOpen(mends, records).map((offer) => offer.fields);
  expect(fields(kept("ai_system", "AIS-03"))).toEqual([
    { stage: "in_use", ai_system: "AIS-03" },
    { why: ["AIS-03"] },
    {},
  ]);
  expect(fields(kept("risk", "RSK-007"))).toEqual([{ risks: ["RSK-007"] }, { why: ["RSK-007"] }, {}]);
  expect(fields()).toEqual([{ stage: "in_use" }, {}, {}, {}]);
});
