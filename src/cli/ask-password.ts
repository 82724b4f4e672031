import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { Refusal } from "#core/basics/refusal.ts";

/** What the person types, unseen. @throws {Refusal} `credential-needed` where nobody can type */
export async function askPassword(question: string): Promise<string> {
  if (process.stdin.isTTY !== true)
    throw new Refusal("credential-needed", "Cannot ask for the password: there is no terminal; set AIMS_PASSWORD");
  process.stderr.write(question);
  // The terminal's own echo is off while readline reads; what it would write goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
