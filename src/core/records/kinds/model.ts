import { after, choice, day, group, line, link, links, prose } from "../field.ts";
import { back } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { authority, role } from "../deed.ts";

export const states = ["candidate", "approved", "retired", "withdrawn"] as const;

export const fields = {
  name: line("Name"),
  version: line("Version"),
  model_kind: choice("Kind", [
    "language",
    "vision",
    "embedding",
    "boosted_trees",
    "time_series",
    "optimiser",
    "agent",
    "other",
  ]),
  base_model: line("Base model", { help: "What it was made from, with version" }),
  provider: line("Provider"),
  supplier: link("Supplier", "supplier"),
  hosted: choice("Where it runs", ["by_us", "by_supplier", "in_appliance"]),
  source: link("Source", "approved_source"),
  source_uri: line("Source address"),
  licence: line("Licence"),
  artifact_digest: line("Digest", { help: "SHA-256 of the file that is loaded" }),
  undisclosed: line("Not disclosed", { help: "What the supplier does not tell, such as version or digest" }),
  file_format: line("File format", { help: "Formats that can run code when loaded need a scan result" }),
  signature: after(
    group(
      "Signature",
      {
        state: choice("State", ["valid", "invalid", "missing", "not_applicable"]),
        signer: line("Signer"),
        verified_on: day("Verified on"),
      },
      { must: ["state"] },
    ),
  ),
  training_datasets: links("Training data", "dataset"),
  evaluations: after(links("Evaluations", "evaluation")),
  pinned_by: line("Version pinned by", { help: "Such as contract with notice of 60 days, or digest" }),
  known_limits: prose("Known limits"),
  energy_note: prose("Energy"),
  withdrawal_reason: after(prose("Why withdrawn")),
};

export const kind = recordKind({
  name: "model",
  prefix: "MD",
  title: "Model",
  plural: "Models",
  summary: "A trained model that AI systems rest on: where it comes from, what it was made of, what it cannot do.",
  serves: ["A.4.2", "A.6.2.3", "A.7.5"],
  fields,
  states,
  live: ["candidate", "approved"],
  frozen: ["approved", "retired", "withdrawn"],
  columns: ["title", "version", "provider", "hosted", "artifact_digest"],
  deeds: {
    register: {
      title: "Register model",
      from: "new",
      to: "candidate",
      who: role("ml_engineer", "ai_system_owner", "platform_engineer", "procurement_lead"),
      needs: ["name", "model_kind"],
      fills: ({ next }) => ({ title: next.name ?? next.title }),
    },
    amend: {
      title: "Amend model",
      from: ["candidate"],
      who: role("ml_engineer", "ai_system_owner", "platform_engineer", "procurement_lead"),
      fills: ({ next }) => ({ title: next.name ?? next.title }),
    },
    approve: {
      title: "Approve model for use",
      from: ["candidate"],
      to: "approved",
      who: [...authority("approve release"), ...authority("approve source"), ...role("top_management")],
      sets: [],
      needs: ["provider", "licence", "known_limits"],
      approves: "approve",
      apart: ["creator"],
      guards: [
        {
          rule: "domain model, 4.5",
          refuse: ({ next }) =>
            next.version === undefined && next.undisclosed === undefined
              ? "give its version, or say that it is not disclosed"
              : undefined,
        },
      ],
    },
    revise: {
      title: "Open new version of model",
      from: ["approved"],
      to: "candidate",
      who: role("ml_engineer", "ai_system_owner", "procurement_lead"),
      sets: [],
    },
    verify_signature: {
      title: "Verify signature of model",
      from: ["candidate", "approved"],
      who: role("platform_engineer", "ml_engineer"),
      sets: ["signature"],
      needs: ["signature"],
      op: "sign",
    },
    link_evaluations: {
      title: "Link evaluations of model",
      from: ["candidate", "approved"],
      who: role("ml_engineer", "ai_system_owner"),
      sets: ["evaluations"],
      op: "link",
    },
    retire: {
      title: "Retire model",
      from: ["candidate", "approved"],
      to: "retired",
      who: role("ml_engineer", "ai_system_owner", "aims_manager"),
      sets: [],
      follow: { systems: back("ai_system", "models") },
      guards: [
        {
          rule: "domain model, 4.5",
          refuse: ({ near }) => {
            const running = (near["systems"] ?? []).filter((system) => system.state === "deployed");
            return running.length === 0
              ? undefined
              : `${running.map((system) => system.ref).join(", ")} still runs on it`;
          },
        },
      ],
    },
    withdraw: {
      title: "Withdraw model",
      from: ["candidate", "approved"],
      to: "withdrawn",
      who: role("ml_engineer", "ai_system_owner", "aims_manager", "top_management"),
      sets: ["withdrawal_reason"],
      needs: ["withdrawal_reason"],
    },
  },
});
