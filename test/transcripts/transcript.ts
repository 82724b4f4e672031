/** A command of a transcript, and what it must print and return. */
type Step = { line: number; command: string; expected: readonly string[]; code: number };

/** Commands with their expected output, and the files that lie there before the first of them. */
export type Transcript = {
  about: string;
  usesSample: boolean;
  files: readonly { path: string; text: string }[];
  steps: readonly Step[];
};

/**
 * Reads a transcript:
 *
 *     # What it shows. `# uses sample` on a line of its own gives it the sample organisation in `sample`.
 *     $ aims list risk --data d
 *     aims: Cannot open data folder "d": <any>
 *     [2]
 *     -- notes/risk.yaml --
 *     kind: risk
 *
 * A command is a line of the shell. What follows is all that it prints, standard error included, up
 * to an empty line before the next `$`, and its exit code unless that is 0. A word in angle brackets
 * stands for what varies, a line `...` for any lines. Files come last.
 */
export function parseTranscript(text: string): Transcript {
  const [body = "", ...parts] = text.split(/^-- (.+) --\n/m);
  const files: { path: string; text: string }[] = [];
  for (let at = 0; at < parts.length; at += 2) files.push({ path: parts[at] ?? "", text: parts[at + 1] ?? "" });
  const comments: string[] = [];
  const steps: { line: number; command: string; expected: string[]; code: number }[] = [];
  for (const [at, line] of body.split("\n").entries()) {
    const step = steps.at(-1);
    const code = /^\[(\d+)\]$/.exec(line)?.[1];
    if (line.startsWith("$ ")) steps.push({ line: at + 1, command: line.slice(2), expected: [], code: 0 });
    else if (!step) comments.push(line);
    else if (step.expected.length === 0 && step.command.endsWith("\\"))
      step.command = `${step.command.slice(0, -1)}${line.trim()}`;
    else if (code !== undefined) step.code = Number(code);
    else step.expected.push(line);
  }
  for (const step of steps) while (step.expected.at(-1) === "") step.expected.pop();
  const about = comments.filter((line) => line.startsWith("#")).map((line) => line.replace(/^# ?/, ""));
  return { about: about[0] ?? "", usesSample: about.includes("uses sample"), files, steps };
}

const varying: Readonly<Record<string, string>> = {
  any: ".*",
  n: "\\d+",
  day: "\\d{4}-\\d{2}-\\d{2}",
  instant: "\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z",
  uuid: "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
  hash: "[A-Za-z0-9+/]{43}=",
  secret: "[A-Za-z0-9_-]{64}",
  key: "\\S+/[0-9a-f-]{36}/ledger\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]{44}",
};

/**
 * The actual output with every line that fits put as the transcript puts it, so that a comparison
 * shows only what differs. What fits as a whole comes out as the expected text.
 */
export function inTermsOf(expected: readonly string[], actual: readonly string[]): readonly string[] {
  if (fits(expected, actual)) return expected;
  return actual.map((line) => expected.find((pattern) => pattern !== "..." && patternOf(pattern).test(line)) ?? line);
}

function fits(expected: readonly string[], actual: readonly string[]): boolean {
  const [pattern, ...rest] = expected;
  if (pattern === undefined) return actual.length === 0;
  if (pattern === "...")
    return actual.some((_, at) => fits(rest, actual.slice(at))) || rest.length === 0 || fits(rest, []);
  const [line, ...others] = actual;
  return line !== undefined && patternOf(pattern).test(line) && fits(rest, others);
}

function patternOf(line: string): RegExp {
  const parts = line.split(/<([a-z]+)>/);
  const source = parts
    .map((part, at) => (at % 2 === 0 ? escaped(part) : (varying[part] ?? escaped(`<${part}>`))))
    .join("");
  return new RegExp(`^${source}$`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
