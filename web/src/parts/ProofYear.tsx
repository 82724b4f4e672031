import type { Day } from "#core/basics/time.ts";
import type { BoardNode } from "#contract/board.ts";

const width = 348;
const month = width / 12;

/** Which months of the past year accepted proof covers, and which none does. */
export function ProofYear({ proof, day }: { proof: NonNullable<BoardNode["proof"]>; day: Day }) {
  const months = lastMonths(day);
  const gaps = months.filter((each) => proof.gaps.includes(each));
  const says =
    gaps.length === 0
      ? "Accepted proof covers each of the last twelve months"
      : `No accepted proof covers ${gaps.join(", ")}`;
  return (
    <>
      <svg viewBox={`0 0 ${width} 50`} width="100%" role="img" aria-label={says} className="marks">
        {months.map((each, at) => (
          <g key={each}>
            <rect
              x={at * month + 2}
              y={6}
              width={month - 4}
              height={24}
              rx={3}
              className={gaps.includes(each) ? "gap" : "good"}
              strokeDasharray={gaps.includes(each) ? "3 2" : undefined}
            />
            <text x={at * month + month / 2} y={46} textAnchor="middle">
              {monthLetter(each)}
            </text>
          </g>
        ))}
      </svg>
      <details>
        <summary className="quiet">
          {gaps.length === 0 ? "No gap" : `${gaps.length} of 12 months without proof`}: as a table
        </summary>
        <table className="table" aria-label="Proof by month">
          <thead>
            <tr>
              <th scope="col">Month</th>
              <th scope="col">Accepted proof</th>
            </tr>
          </thead>
          <tbody>
            {months.map((each) => (
              <tr key={each}>
                <td>{each}</td>
                <td>{gaps.includes(each) ? "none" : "yes"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

/** The twelve months up to and including the day's, `2026-03`. */
function lastMonths(day: Day): string[] {
  const last = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  return Array.from({ length: 12 }, (_, at) => {
    const number = last - 11 + at;
    return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
  });
}

function monthLetter(each: string): string {
  return "JFMAMJJASOND".charAt(Number(each.slice(5)) - 1);
}
