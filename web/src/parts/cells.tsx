import { Link } from "@tanstack/react-router";
import { daysBetween, type Day } from "#core/basics/time.ts";
import type { BoardNode } from "#contract/board.ts";
import { Badge } from "../ui/Badge.tsx";
import { inWords } from "../words.ts";
import { toneOfState, verdicts } from "./tones.ts";

/** A record by reference and title, as a link. */
export function RecordLink({
  record,
  title,
  kind,
}: {
  record: string;
  title?: string | null | undefined;
  kind?: string | null | undefined;
}) {
  const inner = (
    <>
      <span className="ref">{record}</span>
      {title != null && title !== record && <span className="title">{title}</span>}
    </>
  );
  return kind == null ? (
    <Link to="/refs/$ref" params={{ ref: record }} className="chip">
      {inner}
    </Link>
  ) : (
    <Link to="/records/$kind/$ref" params={{ kind, ref: record }} className="chip">
      {inner}
    </Link>
  );
}

export function StateBadge({ state }: { state: string }) {
  return <Badge tone={toneOfState(state)}>{inWords(state)}</Badge>;
}

export function VerdictBadge({ verdict }: { verdict: BoardNode["verdict"] }) {
  if (!verdict) return <span className="faint">not assessed</span>;
  const { words, tone } = verdicts[verdict.value];
  return (
    <>
      <Badge tone={tone}>{words}</Badge>
      {verdict.faded && (
        <>
          {" "}
          <Badge tone="neutral">faded</Badge>
        </>
      )}
    </>
  );
}

/** A day, always written the same way. */
export function DayText({ day }: { day: Day | string | null | undefined }) {
  return day == null ? <span className="faint">–</span> : <time dateTime={day}>{day}</time>;
}

/** "today", "12 days ago" */
export function DaysAgo({ day, today }: { day: Day; today: Day }) {
  const days = daysBetween(day, today);
  const words = days === 0 ? "today" : days === 1 ? "1 day" : `${days} days`;
  return (
    <time dateTime={day} title={day}>
      {days < 0 ? day : words}
    </time>
  );
}

/** One mark a check, failures last and taller, so that they are told apart without colour. */
export function CheckBar({ counts }: { counts: BoardNode["counts"] }) {
  const marks = [
    ...Array.from({ length: counts.pass }, () => "pass"),
    ...Array.from({ length: counts.not_applicable }, () => "not_applicable"),
    ...Array.from({ length: counts.unknown }, () => "unknown"),
    ...Array.from({ length: counts.fail }, () => "fail"),
  ];
  if (counts.of === 0) return <span className="faint">none</span>;
  return (
    <span role="img" aria-label={countsInWords(counts)} title={countsInWords(counts)} className="bar">
      {marks.map((result, at) => (
        // Marks have no identity beyond their place.
        // oxlint-disable-next-line react/no-array-index-key
        <i key={at} data-result={result} />
      ))}
    </span>
  );
}

/** "11 of 14 pass, 3 fail" */
export function countsInWords({ pass, fail, unknown, not_applicable: out, of }: BoardNode["counts"]): string {
  const parts = [`${pass} of ${of} pass`];
  if (fail > 0) parts.push(`${fail} ${fail === 1 ? "fails" : "fail"}`);
  if (unknown > 0) parts.push(`${unknown} unknown`);
  if (out > 0) parts.push(`${out} ${out === 1 ? "does" : "do"} not apply`);
  return parts.join(", ");
}
