import { addDays } from "#core/basics/time.ts";
import { choice, day, line, link, links, number, prose } from "../field.ts";
import { out } from "../follow.ts";
import { recordKind } from "../kind.ts";
import { anyone, creator, machine, named, owner, role } from "../deed.ts";
import { stillHere } from "../guard.ts";

export const states = ["open", "done", "cancelled"] as const;

export const fields = {
  what: prose("What is to be done"),
  why: links("Because of", [], { help: "The records that call for it" }),
  task_kind: choice("Kind", ["action", "review", "decision", "reminder"], {
    help: "A review looks again at a record; a decision waits for someone with authority",
  }),
  assignee: link("Assigned to", "person"),
  due_on: day("Due"),
  escalates_to: link("Escalates to", "person", { help: "Told when it is 5, 15 and 30 days late" }),
  escalated: number("Escalated", { unit: "times", whole: true, least: 0, most: 3 }),
  done_on: day("Done on"),
  outcome: prose("Outcome"),
  cancel_reason: line("Why cancelled"),
};

/** How many days after it was due a task escalates, time after time. */
const escalatesAfterDays = [5, 15, 30] as const;

const doers = [...named("assignee"), ...owner, ...creator, ...role("aims_manager"), ...machine];

export const kind = recordKind({
  name: "task",
  prefix: "TSK",
  digits: 3,
  title: "Task",
  plural: "Tasks",
  summary: "Something that one person has to do by a day, and the records that call for it.",
  serves: ["4.4"],
  fields,
  states,
  live: ["open"],
  columns: ["title", "assignee", "due_on", "why"],
  deeds: {
    open: {
      title: "Open task",
      from: "new",
      to: "open",
      who: [...anyone, ...machine],
      needs: ["title", "assignee"],
      fills: ({ next }) => ({ owner: next.owner ?? next.assignee, task_kind: next.task_kind ?? "action" }),
      follow: { assignee: out("person", "assignee") },
      guards: [stillHere("assignee")],
    },
    amend: {
      title: "Amend task",
      from: ["open"],
      who: doers,
      follow: { assignee: out("person", "assignee") },
      guards: [stillHere("assignee")],
    },
    finish: {
      title: "Finish task",
      from: ["open"],
      to: "done",
      who: doers,
      sets: ["outcome", "done_on", "evidence"],
      needs: ["outcome"],
      fills: ({ next, today }) => ({ done_on: next.done_on ?? today }),
    },
    cancel: {
      title: "Cancel task",
      from: ["open"],
      to: "cancelled",
      who: doers,
      sets: ["cancel_reason"],
      needs: ["cancel_reason"],
    },
    escalate: {
      title: "Escalate task",
      from: ["open"],
      who: machine,
      byTime: true,
      sets: [],
      fills: ({ before }) => ({ escalated: Math.min((before?.escalated ?? 0) + 1, 3) }),
      guards: [
        {
          rule: "4.1",
          refuse: ({ before, next, today }) => {
            const late = escalatesAfterDays[before?.escalated ?? 0];
            if (late === undefined) return "it has escalated as often as a task does";
            if (next.due_on === undefined) return "it has no day on which it is due";
            const on = addDays(next.due_on, late);
            return on > today ? `it is due on ${next.due_on}, and escalates on ${on}` : undefined;
          },
        },
      ],
    },
  },
});
