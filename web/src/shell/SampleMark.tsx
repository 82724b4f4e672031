import { addDays, type Day } from "#core/basics/time.ts";
import { letDaysPass } from "#contract/service.ts";
import { useCommand } from "../api.ts";
import { dayInWords } from "../words.ts";
import { announce } from "./announce.tsx";

/** Says that nothing here is real, and moves the simulated clock on. */
export function SampleMark({ today }: { today: Day }) {
  const pass = useCommand(letDaysPass);
  const advance = (days: number) =>
    pass.mutate(
      { to: addDays(today, days) },
      { onSuccess: (now) => announce(`It is ${dayInWords(now.today)} in the sample organisation`) },
    );
  return (
    <>
      <button type="button" className="header-button" popoverTarget="sample">
        <span>
          Sample<span className="mark-long"> organisation, its time stands still</span>
        </span>
      </button>
      <div id="sample" popover="auto" className="popover stack">
        <p>
          Nothing here is real. In this organisation it is <b className="strong">{dayInWords(today)}</b> until somebody
          lets a day pass; what falls due by then is computed.
        </p>
        <p className="row">
          <button type="button" className="button first" disabled={pass.isPending} onClick={() => advance(1)}>
            Let a day pass
          </button>
          <button type="button" className="button" disabled={pass.isPending} onClick={() => advance(7)}>
            A week
          </button>
        </p>
        {pass.isError && (
          <p className="bad-text" role="alert">
            {pass.error.message}
          </p>
        )}
      </div>
    </>
  );
}
