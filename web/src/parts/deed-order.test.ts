import { expect, test } from "vitest";
import type { DeedOffer } from "#contract/record.ts";
import { deedOnward, deedTitle } from "./deed-order.ts";

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
