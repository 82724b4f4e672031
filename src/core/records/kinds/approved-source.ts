import { after, choice, line, lines, link, prose } from "../field.ts";
import { back, out, via } from "../follow.ts";
import { stillHere } from "../guard.ts";
import { recordKind } from "../kind.ts";
import { authority, role } from "../deed.ts";

export const states = ["proposed", "approved", "revoked"] as const;

export const fields = {
  source_kind: choice("Kind", ["image", "package", "model", "data"]),
  address: line("Address", {
    help: "Registry and path, up to a boundary of its path; everything below it counts as this source",
  }),
  trust_reason: prose("Why it is trusted"),
  signers: lines("Signers", { help: "Identities whose signature counts, exactly as they stand in it" }),
  import_rule: prose("How things get in", { help: "Such as two persons at an import" }),
  endorsed_by: link("Endorsed by", "person", { help: "Platform lead; security approves" }),
  revocation_reason: after(prose("Why revoked")),
};

export const kind = recordKind({
  name: "approved_source",
  prefix: "AS",
  title: "Approved source",
  plural: "Approved sources",
  summary:
    "A place from which images, packages, models or data may come, why it is trusted and whose signature counts.",
  serves: ["A.4.4", "A.7.3"],
  fields,
  states,
  live: ["proposed", "approved"],
  frozen: ["approved", "revoked"],
  columns: ["title", "source_kind", "address", "next_review_on"],
  deeds: {
    propose: {
      title: "Propose source",
      from: "new",
      to: "proposed",
      who: role("platform_engineer", "ml_engineer", "data_steward"),
      needs: ["source_kind", "address", "trust_reason"],
      fills: ({ next }) => ({ title: next.title ?? next.address }),
    },
    amend: {
      title: "Amend source",
      from: ["proposed"],
      who: role("platform_engineer", "ml_engineer", "data_steward"),
      sets: [
        "title",
        "summary",
        "source_kind",
        "address",
        "trust_reason",
        "signers",
        "import_rule",
        "owner",
        "next_review_on",
        "review_interval_months",
        "ai_systems",
      ],
    },
    endorse: {
      title: "Endorse source",
      from: ["proposed"],
      who: role("platform_engineer"),
      sets: [],
      apart: ["creator"],
      fills: ({ actor }) => ({ endorsed_by: actor.person }),
    },
    approve: {
      title: "Approve source",
      from: ["proposed"],
      to: "approved",
      who: authority("approve source"),
      sets: ["next_review_on"],
      // The platform lead and security both say yes, and neither proposed it.
      needs: ["endorsed_by", "next_review_on"],
      approves: "approve",
      apart: ["creator", "endorsed_by"],
      follow: { endorser: out("person", "endorsed_by") },
      guards: [stillHere("endorser")],
    },
    revise: {
      title: "Open new version of source",
      from: ["approved"],
      to: "proposed",
      who: role("platform_engineer"),
      sets: [],
    },
    revoke: {
      title: "Revoke source",
      from: ["proposed", "approved"],
      to: "revoked",
      who: [...authority("approve source"), ...role("platform_engineer", "top_management")],
      sets: ["revocation_reason"],
      needs: ["revocation_reason"],
      follow: {
        by_model: via(back("model", "source"), back("release", "models.model")),
        by_data: via(back("dataset", "approved_source"), back("release", "datasets.dataset")),
        by_image: back("release", "images.source"),
      },
      // Every release that used it is looked at again (TRG-19).
      effects: ({ before, near }) => {
        const used = new Map(
          [...(near["by_model"] ?? []), ...(near["by_data"] ?? []), ...(near["by_image"] ?? [])].map((release) => [
            release.ref,
            release,
          ]),
        );
        return [...used.values()]
          .filter((release) => release.state === "deployed")
          .map((release) => ({
            does: "move",
            kind: "release",
            ref: release.ref,
            deed: "flag",
            fields: {
              flags: [
                ...(Array.isArray(release["flags"]) ? release["flags"] : []),
                `Source ${before?.ref ?? ""} was revoked`,
              ],
            },
          }));
      },
    },
  },
});
