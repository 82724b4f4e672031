import { check, some, type Check } from "../check.ts";
import { out } from "#core/records/follow.ts";
import { whyNotInForce } from "../facts/documents.ts";
import { isHeldOn } from "../facts/roles.ts";
import { make, on } from "../mend.ts";

/** The check at home on A.3.3 that asks for the channel itself; those on how concerns are handled stand apart. */
export const checks: readonly Check[] = [
  check(
    "concern.channel",
    [
      on("document", "put_into_effect"),
      on("document", "approve"),
      on("document", "submit"),
      on("document", "amend"),
      make("document", "draft", { about: "supersedes", with: { doc_kind: "procedure" } }),
      make("role_assignment", "propose", { with: { role_key: "concern_handler" } }),
    ],
    some("document", {
      where: (record) => record.concern_channel !== undefined,
      must: ({ record, today }) => {
        const not = whyNotInForce(record, today);
        if (not !== undefined) return not;
        const channel = record.concern_channel;
        if ((record.distribution ?? []).length === 0) return "it was not published to anyone";
        if (!(channel?.open_to ?? []).includes("employees") || !(channel?.open_to ?? []).includes("contractors"))
          return "it is not open to employees and contractors alike";
        if (channel?.confidential !== true || channel.anonymous !== true)
          return "it does not allow both confidential and anonymous reports";
        if ((channel.addresses ?? []).length === 0) return "it names no way in";
        return channel.reprisal_protection !== undefined || "it does not state protection from reprisal";
      },
      because: "no published document sets up a way to raise concerns",
    }),
    some("role_assignment", {
      where: (record, today) =>
        record.role_key === "concern_handler" && isHeldOn(today, record) && record.deputy !== undefined,
      follow: { people: out("person", "person"), deputies: out("person", "deputy") },
      must: ({ people, deputies }) =>
        (people[0]?.state === "active" && deputies[0]?.state === "active") || "the handler or the deputy is not active",
      because: "no concern handler with a deputy is named",
    }),
  ),
];
