import { Link, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { addMonths, isDay, type Day } from "#core/basics/time.ts";
import { dayInShort, dayInWords } from "../words.ts";

const steps = [
  { label: "A month ago", months: -1 },
  { label: "Three months ago", months: -3 },
  { label: "Six months ago", months: -6 },
  { label: "A year ago", months: -12 },
];

/** Chooses the day on which everything is looked at. */
export function AsAtControl({ asAt, today }: { asAt: Day | undefined; today: Day }) {
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const choose = (day: Day | undefined) => {
    box.current?.hidePopover();
    void navigate({
      to: ".",
      search: (search) => ({ ...search, as_at: day === today ? undefined : day, do: undefined }),
    });
  };
  return (
    <>
      <button type="button" className="header-button" popoverTarget="as-at">
        <span className="quiet as-at-word">As at</span>{" "}
        <b>
          {asAt === undefined ? (
            <span>
              <span className="as-at-word">today, </span>
              {dayInShort(today)}
            </span>
          ) : (
            dayInShort(asAt)
          )}
        </b>
      </button>
      <div id="as-at" ref={box} popover="auto" className="popover stack">
        <form
          className="field"
          onSubmit={(event) => {
            event.preventDefault();
            const day = String(new FormData(event.currentTarget).get("day"));
            if (isDay(day)) choose(day);
          }}
        >
          <label htmlFor="as-at-day">Show everything as at</label>
          <div className="row">
            <input
              key={asAt ?? today}
              id="as-at-day"
              name="day"
              type="date"
              className="input as-at-day"
              max={today}
              defaultValue={asAt ?? today}
              required
            />
            <button type="submit" className="button first">
              Show
            </button>
          </div>
          <span className="help">As it was known at the end of that day. A link carries the day along.</span>
        </form>
        <ul>
          {asAt !== undefined && (
            <li>
              <button type="button" onClick={() => choose(undefined)}>
                Back to today <span className="quiet">{today}</span>
              </button>
            </li>
          )}
          {steps.map(({ label, months }) => (
            <li key={label}>
              <button type="button" onClick={() => choose(addMonths(today, months))}>
                {label} <span className="quiet">{addMonths(today, months)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** Stands over every page that shows an earlier day. */
export function AsAtBand({ asAt }: { asAt: Day }) {
  return (
    <section className="band" aria-label="An earlier day is shown">
      <span>
        As at <b>{dayInWords(asAt)}</b>: what was known at the end of that day. Nothing can be done in the past, so
        deeds are not offered.
      </span>
      <Link to="." search={(search) => ({ ...search, as_at: undefined })}>
        Back to today
      </Link>
    </section>
  );
}
