import type { Report } from "./report.ts";

/** The report as JUnit XML: a suite of one test case a rule and object, so that a pipeline shows it as tests. */
export function toJunit({ name, rules, results, notEvaluated, at }: Report): string {
  const failing = results.filter(({ accepted }) => accepted === undefined);
  const unknown = new Map(notEvaluated.map(({ rule, why }) => [rule, why]));
  const cases = rules.flatMap(({ id, text }) => {
    const found = results.filter(({ rule }) => rule === id);
    const why = unknown.get(id);
    if (found.length === 0) return [testCase(id, text, why === undefined ? "" : `<skipped message=${quote(why)}/>`)];
    return found.map(({ subject, message, severity, fix, accepted }) =>
      testCase(
        id,
        `${text}: ${subject}`,
        accepted === undefined
          ? `<failure message=${quote(message)} type=${quote(severity)}>${escape(fix)}</failure>`
          : `<skipped message=${quote(accepted)}/>`,
      ),
    );
  });
  const skipped = cases.filter((text) => text.includes("<skipped")).length;
  const counts = `tests="${cases.length}" failures="${failing.length}" errors="0" skipped="${skipped}"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name=${quote(name)} ${counts}>`,
    `  <testsuite name=${quote(name)} timestamp=${quote(at.slice(0, 19))} time="0" ${counts}>`,
    ...cases.map((text) => `    ${text}`),
    `  </testsuite>`,
    `</testsuites>`,
    ``,
  ].join("\n");
}

function testCase(id: string, name: string, body: string): string {
  return `<testcase classname=${quote(id)} name=${quote(name)} time="0"${body === "" ? "/>" : `>${body}</testcase>`}`;
}

function quote(text: string): string {
  return `"${escape(text)}"`;
}

/** XML 1.0 holds no control characters, not even escaped. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;");
}
