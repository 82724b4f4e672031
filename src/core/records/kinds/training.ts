import { choice, day, group, line, link, links, list, number, prose, yesNo } from "../field.ts";
import { recordKind } from "../kind.ts";
import { owner, role } from "../deed.ts";
import { dayHasCome } from "../guard.ts";

export const states = ["planned", "delivered", "evaluated", "cancelled"] as const;

export const fields = {
  course: line("Course"),
  edition: line("Edition"),
  for_requirements: links("For requirements", "competence_requirement"),
  closes_gap: yesNo("Closes a gap", {
    help: "Taken because people lacked a competence; its effect is then due within 180 days",
  }),
  planned_on: day("Planned on"),
  delivered_on: day("Delivered on"),
  completed_on: day("Completed on", { help: "Last day, where it ran for more than one" }),
  provider: line("Provider"),
  content: prose("Content"),
  content_ref: line("Where the content is kept"),
  pass_mark: line("Pass mark"),
  attended_count: number("People who attended", { whole: true, least: 0 }),
  attendance: list(
    "Attendance",
    group(
      "Attendee",
      {
        person: link("Person", "person"),
        attended: yesNo("Attended"),
        score: number("Score"),
        passed: yesNo("Passed"),
        certificate: link("Certificate", "evidence_item"),
      },
      { must: ["person"] },
    ),
  ),
  effectiveness_method: prose("How its effect is judged"),
  effectiveness: group(
    "Effect",
    {
      checked_on: day("Checked on"),
      result: choice("Result", ["effective", "partly", "ineffective"]),
      how: prose("What was seen"),
      checked_by: link("Checked by", "person"),
    },
    { must: ["checked_on", "result"] },
  ),
  effectiveness_due: day("Effect due"),
};

const people = role("people_lead", "aims_manager");

export const kind = recordKind({
  name: "training",
  prefix: "TR",
  title: "Training",
  plural: "Trainings",
  summary: "A course held for competence requirements: who came, who passed, and whether it worked.",
  serves: ["7.2", "7.3"],
  fields,
  states,
  live: ["planned", "delivered"],
  frozen: ["evaluated"],
  columns: ["title", "delivered_on", "attended_count", "effectiveness_due"],
  deeds: {
    plan: {
      title: "Plan training",
      from: "new",
      to: "planned",
      who: [...people, ...role("ai_system_owner", "platform_engineer")],
      needs: ["course"],
      fills: ({ next }) => ({ title: next.title ?? next.course }),
    },
    amend: { title: "Amend training", from: ["planned", "delivered"], who: [...people, ...owner] },
    deliver: {
      title: "Record delivery of training",
      from: ["planned"],
      to: "delivered",
      who: [...people, ...owner],
      needs: ["delivered_on"],
      guards: [
        dayHasCome("delivered_on", "1.3"),
        dayHasCome("completed_on", "1.3"),
        {
          rule: "7.2",
          refuse: ({ next }) =>
            next.attended_count === undefined && (next.attendance ?? []).length === 0
              ? '"attended_count" or "attendance" must be filled in first'
              : undefined,
        },
      ],
    },
    evaluate: {
      title: "Evaluate training",
      from: ["delivered"],
      to: "evaluated",
      who: [...people, ...owner],
      sets: ["effectiveness"],
      needs: ["effectiveness"],
      fills: ({ next, actor }) =>
        next.effectiveness === undefined
          ? {}
          : { effectiveness: { ...next.effectiveness, checked_by: next.effectiveness.checked_by ?? actor.person } },
    },
    cancel: {
      title: "Cancel training",
      from: ["planned"],
      to: "cancelled",
      who: [...people, ...owner],
      sets: ["summary"],
    },
  },
});
