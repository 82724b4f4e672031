import { addDays } from "#core/basics/time.ts";
import type { KindName } from "#core/records/all.ts";
import type { AnyRecord, RecordOf } from "#core/records/kind.ts";
import { byDay, dueIn, type HomeGround, type HomeItem } from "./item.ts";

function mine(ground: HomeGround, kind: KindName, field: string): AnyRecord[] {
  const me = ground.actor.person;
  return me === undefined
    ? []
    : ground.records
        .pointing(kind, field, me)
        .map((ref) => ground.records.find(ref))
        .filter((record) => record !== undefined);
}

export function ownRisks(ground: HomeGround): HomeItem[] {
  const soon = addDays(ground.day, 60);
  return (mine(ground, "risk", "owner") as RecordOf<"risk">[])
    .filter((risk) => risk.state !== "closed")
    .flatMap((risk): HomeItem[] => {
      const title = risk.title ?? risk.ref;
      const ends = risk.acceptance?.expires_on;
      if (risk.next_review_on !== undefined && risk.next_review_on < ground.day)
        return [{ ref: risk.ref, title, why: `review was due on ${risk.next_review_on}`, day: risk.next_review_on }];
      return risk.state === "accepted" && ends !== undefined && ends <= soon
        ? [{ ref: risk.ref, title, why: `acceptance ends on ${ends}`, day: ends }]
        : [];
    })
    .sort(byDay);
}

export function ownActions(ground: HomeGround): HomeItem[] {
  const actions = new Map(
    [...mine(ground, "corrective_action", "doer"), ...mine(ground, "corrective_action", "owner")].map((action) => [
      action.ref,
      action as RecordOf<"corrective_action">,
    ]),
  );
  return [...actions.values()]
    .filter((action) => action.state === "planned" || action.state === "in_progress")
    .map((action): HomeItem => {
      const due = action.redecided_due ?? action.due;
      return {
        ref: action.ref,
        title: action.title ?? action.action ?? action.ref,
        why: due === undefined ? "no day is set" : dueIn(ground.day, due),
        ...(due === undefined ? {} : { day: due }),
      };
    })
    .sort(byDay);
}

export function ownTasks(ground: HomeGround): HomeItem[] {
  return (mine(ground, "task", "assignee") as RecordOf<"task">[])
    .filter((task) => task.state === "open")
    .map((task): HomeItem => ({
      ref: task.ref,
      title: task.title ?? task.ref,
      why: task.due_on === undefined ? "no day is set" : dueIn(ground.day, task.due_on),
      ...(task.due_on === undefined ? {} : { day: task.due_on }),
      deed: { kind: "task", deed: "finish", title: "Finish task" },
    }))
    .sort(byDay);
}

export function ownCompetence(ground: HomeGround): HomeItem[] {
  return (mine(ground, "competence_record", "person") as RecordOf<"competence_record">[])
    .filter((record) => record.state !== "superseded" && record.state !== "withdrawn" && record.state !== "draft")
    .flatMap((record): HomeItem[] => {
      const until = record.valid_until;
      const title = record.title ?? record.ref;
      if (record.state === "gap") return [{ ref: record.ref, title, why: "a gap is open" }];
      if (until === undefined || until > addDays(ground.day, 60)) return [];
      return [
        {
          ref: record.ref,
          title,
          why: until < ground.day ? `expired on ${until}` : `runs out on ${until}`,
          day: until,
        },
      ];
    });
}

export function unconfirmed(ground: HomeGround): HomeItem[] {
  const { actor, records } = ground;
  const me = actor.person === undefined ? undefined : (records.find(actor.person) as RecordOf<"person"> | undefined);
  if (!me || me.in_scope !== true) return [];
  const confirmed = new Set(
    (mine(ground, "awareness_ack", "person") as RecordOf<"awareness_ack">[]).flatMap((given) => given.about ?? []),
  );
  return records
    .all("policy")
    .filter((policy) => policy.state === "published" && !confirmed.has(policy.ref))
    .map((policy) => ({
      ref: policy.ref,
      title: policy.title ?? policy.ref,
      why: "published, and not confirmed by you",
      day: policy.state_since,
    }));
}
