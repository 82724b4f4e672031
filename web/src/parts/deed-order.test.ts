import { expect, test } from "vitest";
import type { DeedOffer } from "#contract/record.ts";
import { deedOnward, deedsThatMayMend, deedTitle } from "./deed-order.ts";

const offer = (deed: string, title: string, more: Partial<DeedOffer> = {}): DeedOffer => ({
  deed,
  title,
  to: null,
  may: "yes",
  why: null,
  code: null,
  rule: null,
  sets: null,
  needs: [],
  asksCredential: false,
  ...more,
});

test("a title that wants a name gets the reference, another does not", () => {
  expect(deedTitle(offer("a", "Decide scope of"), "AIS-03")).toBe("Decide scope of AIS-03");
  expect(deedTitle(offer("a", "Amend risk"), "RSK-001")).toBe("Amend risk");
});

test("the deed that moves the record on is offered first; one that ends it never is", () => {
  const offers = [
    offer("amend", "Amend", { to: "draft" }),
    offer("withdraw", "Withdraw", { to: "withdrawn" }),
    offer("approve", "Approve", { to: "approved" }),
  ];
  expect(deedOnward(offers, "draft")?.deed).toBe("approve");
  expect(deedOnward([offer("approve", "Approve", { to: "approved", may: "not-yet" })], "draft")).toBeUndefined();
  expect(deedOnward(offers.slice(0, 2), "draft")).toBeUndefined();
});

test("what speaks of the same things as the check comes first, what is forbidden or an end not at all", () => {
  const offers = [
    offer("amend", "Amend impact assessment"),
    offer("report", "Report measures of impact assessment"),
    offer("judge", "Propose judgement on a difference to impact assessment"),
    offer("withdraw", "Withdraw difference"),
    offer("other", "Countersign difference", { may: "no" }),
  ];
  expect(deedsThatMayMend(offers, "Every difference was judged", "Impact assessment").map(({ deed }) => deed)).toEqual([
    "judge",
    "report",
    "amend",
  ]);
});
