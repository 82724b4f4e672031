import { expect, test } from "vitest";
import { holds, kept } from "../ground.testing.ts";

const channel = {
  open_to: ["employees", "contractors"],
  confidential: true,
  anonymous: true,
  reprisal_protection: "Nobody suffers",
  addresses: ["phone"],
};
const document = (given: object = {}) =>
  kept("document", "DOC-05", {
    state: "effective",
    distribution: ["all staff"],
    next_review_on: "2027-05-18",
    concern_channel: channel,
    ...given,
  });
const people = [
  kept("person", "P19", { state: "active" }),
  kept("person", "P14", { state: "active" }),
  kept("role_assignment", "ROL-010", { state: "accepted", role_key: "concern_handler", person: "P19", deputy: "P14" }),
];

test("a channel is published, open, confidential, anonymous, protected and has a handler with a deputy", () => {
  expect(holds("concern.channel", [document(), ...people], "2027-05-18")[0]).toBe("pass");
  expect(holds("concern.channel", [document(), ...people], "2027-05-19")[0]).toBe("fail");
  for (const broken of [
    { open_to: ["employees"] },
    { anonymous: false },
    { confidential: undefined },
    { reprisal_protection: undefined },
    { addresses: [] },
  ])
    expect(
      holds("concern.channel", [document({ concern_channel: { ...channel, ...broken } }), ...people], "2026-11-23")[0],
    ).toBe("fail");
  expect(holds("concern.channel", [document({ distribution: [] }), ...people], "2026-11-23")[0]).toBe("fail");
  expect(holds("concern.channel", [document({ state: "draft" }), ...people], "2026-11-23")[0]).toBe("fail");
});

test("a handler without a deputy at work is not enough", () => {
  expect(
    holds("concern.channel", [document(), ...people.filter((record) => record.ref !== "P14")], "2026-11-23")[0],
  ).toBe("fail");
  expect(
    holds("concern.channel", [document(), ...people.map((record) => ({ ...record, deputy: undefined }))], "2026-11-23"),
  ).toEqual(["fail", "no concern handler with a deputy is named"]);
});
