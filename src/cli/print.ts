import picocolors from "picocolors";

// Standard output is for what was asked; everything else that is said goes to standard error.

export const colours = picocolors;

/** Prints a line of what was asked. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a value as JSON, and nothing else. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Says something to whoever watches. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows under their heads, each column as wide as its widest cell; the last one may be cut to the terminal. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => visible(row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1
          ? cell
          : cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - visible(cell).length)),
      )
      .join("  ")
      .trimEnd();
  print(colours.bold(line(heads)));
  for (const row of rows) print(line(row));
}

function visible(text: string): string {
  return text.replace(/\u001b\[\d+m/g, "");
}

/** How far work has come: one line that is written over on a terminal, now and then a line elsewhere. */
export type Progress = { at(says: string, done?: number, of?: number): void; end(): void };

const everyMs = 100;
const everyMsInLog = 2_000;

/** Tells on standard error how far work has come. */
export function startProgress(): Progress {
  const isTerminal = process.stderr.isTTY === true;
  // In a log, work that is done soon needs no word.
  let toldAt = isTerminal ? 0 : performance.now();
  let isOpen = false;
  return {
    at(says, done, of) {
      const now = performance.now();
      const isDone = done !== undefined && done === of;
      if (!(isDone && isOpen) && now - toldAt < (isTerminal ? everyMs : everyMsInLog)) return;
      toldAt = now;
      const text = `${says}${done === undefined || of === undefined || of === 0 ? "" : ` ${done} of ${of} (${Math.floor((100 * done) / of)} %)`}`;
      if (isTerminal) {
        process.stderr.write(`\r\u001b[K${text}`);
      } else say(text);
      isOpen = true;
    },
    end() {
      if (isOpen && isTerminal) process.stderr.write("\r\u001b[K");
      isOpen = false;
    },
  };
}
