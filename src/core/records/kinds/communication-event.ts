import { choice, day, line, lines, link, links, number, prose } from "../field.ts";
import { recordKind } from "../kind.ts";
import { out } from "../follow.ts";
import { named, owner, role } from "../deed.ts";
import { dayHasCome, stillHere } from "../guard.ts";

export const states = ["planned", "sent", "confirmed", "cancelled"] as const;

export const fields = {
  plan: link("Plan", "communication_plan"),
  plan_line: number("Line of the plan", { whole: true, least: 1 }),
  ad_hoc_reason: prose("Why outside the plan"),
  due_on: day("Due"),
  by: links("By", "person"),
  with_whom: links("With whom", ["interested_party", "person"]),
  audience: line("Audience in words"),
  audience_reached: number("People reached", { whole: true, least: 0 }),
  channel: choice("Channel", [
    "meeting",
    "talk",
    "mail",
    "letter",
    "web",
    "poster",
    "phone",
    "screen_message",
    "briefing",
    "portal",
    "press",
    "personal_talk",
    "training",
  ]),
  languages: lines("Languages"),
  about: links("About", [], {
    help: "Assessments, policies, objectives, systems, incidents or releases that it told of",
  }),
  message: prose("What was said"),
  content_ref: line("Where the content is kept"),
  feedback: prose("What came back"),
};

const senders = role(
  "communications_lead",
  "aims_manager",
  "ai_system_owner",
  "top_management",
  "legal_advisor",
  "concern_handler",
  "impact_assessor",
  "people_lead",
  "lead_internal_auditor",
);

export const kind = recordKind({
  name: "communication_event",
  prefix: "CE",
  title: "Communication",
  plural: "Communications",
  summary: "Something that was told, to whom, on which day, and what came back.",
  serves: ["7.4", "5.1", "A.8.2", "A.8.4", "A.8.5"],
  fields,
  states,
  live: ["planned", "sent"],
  frozen: ["confirmed"],
  columns: ["title", "plan_line", "happened_on", "channel", "audience_reached"],
  deeds: {
    plan: {
      title: "Plan communication",
      from: "new",
      to: "planned",
      who: senders,
      needs: ["due_on"],
      follow: { speakers: out("person", "by") },
      guards: [stillHere("speakers")],
    },
    record: {
      title: "Record communication",
      from: "new",
      to: "sent",
      who: senders,
      fills: ({ next, actor, today }) => ({
        happened_on: next.happened_on ?? today,
        by: next.by ?? (actor.person === undefined ? undefined : [actor.person]),
      }),
      guards: [dayHasCome("happened_on", "1.3")],
    },
    amend: { title: "Amend communication", from: ["planned", "sent"], who: [...senders, ...owner] },
    send: {
      title: "Record sending of",
      from: ["planned"],
      to: "sent",
      who: [...named("by"), ...owner, ...senders],
      fills: ({ next, actor, today }) => ({
        happened_on: next.happened_on ?? today,
        by: next.by ?? (actor.person === undefined ? undefined : [actor.person]),
      }),
      guards: [dayHasCome("happened_on", "1.3")],
    },
    confirm: {
      title: "Confirm communication",
      from: ["sent"],
      to: "confirmed",
      who: [...owner, ...senders],
      sets: ["audience_reached", "feedback", "evidence", "content_ref"],
      needs: ["evidence"],
    },
    cancel: {
      title: "Cancel communication",
      from: ["planned"],
      to: "cancelled",
      who: [...owner, ...senders],
      sets: ["summary"],
    },
  },
});
