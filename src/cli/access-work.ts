import { dump } from "js-yaml";
import { type AuditReading, AuditReader, type Coverage } from "#core/access/audit-log.ts";
import { minimize, objectsOf, unusedBy } from "#core/access/minimize.ts";
import { answer, parseQuestion, parseRequest } from "#core/access/ask.ts";
import { pathsFrom, sayGrant } from "#core/access/reach.ts";
import { terrainOf } from "#core/access/terrain.ts";
import { accountUser, askerOf, readAccess, reasonOf, whoCan as subjectsThatCan } from "#core/access/rbac.ts";
import { type AccessScan, scanAccess } from "#core/access/scan.ts";
import { groundOf, type Unused, sayBinding, saySubject, sayRule } from "#core/access/ground.ts";
import { accessRules, type Exception, settle, standing, type Violation, violationKey } from "#core/access/violation.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { dayOf, daysBetween, isDay, parseInstant } from "#core/basics/time.ts";
import { toJunit } from "#core/interchange/junit.ts";
import { toOpenReports } from "#core/interchange/openreports.ts";
import type { Report } from "#core/interchange/report.ts";
import { toSarif } from "#core/interchange/sarif.ts";
import { parseYaml } from "#core/interchange/yaml-text.ts";
import { type AiWorkload, aiWorkloadsOf } from "#core/kubernetes/ai-workload.ts";
import { type ClusterSnapshot, nameOf } from "#core/kubernetes/object.ts";
import { readObjects } from "#core/kubernetes/read-objects.ts";
import { readAuditLines } from "#outside/audit-log-files.ts";
import { readManifests, readText } from "#outside/manifest-files.ts";
import type { Asking, Finding, Narrowing, Reading, Scanning } from "./access.ts";
import type { Place } from "./place.ts";
import { print, printJson, printTable, say } from "./print.ts";
import { versionOf } from "./version.ts";

function read({ file, namespace }: Reading): ClusterSnapshot {
  if (file.length === 0) throw new Refusal("malformed", "Cannot read a cluster: name its manifests or its dump by -f");
  const snapshot = readObjects(readManifests(file), {
    cluster: file.join(", "),
    ...(namespace === undefined ? {} : { defaultNamespace: namespace }),
  });
  for (const { message, place } of snapshot.problems) say(`aims: ${place?.file}:${place?.line}: ${message}`);
  if (snapshot.objects.length === 0 && snapshot.notListed.length === 0)
    throw new Refusal("malformed", `Cannot read "${file.join(", ")}": it holds no object of a cluster`, {
      problems: snapshot.problems,
    });
  return snapshot;
}

/** Answers one question or a list of them. */
export async function can(place: Place, options: Asking, words: readonly string[]): Promise<"failing" | void> {
  const access = readAccess(read(options));
  if (options.queries !== undefined) {
    const { text } = options.queries === "-" ? (readManifests(["-"])[0] ?? { text: "" }) : readText(options.queries);
    // All questions are read before the first is answered, so that a bad one leaves nothing half-said.
    const questions = text
      .split("\n")
      .flatMap((line, index) => (line.trim() === "" ? [] : [parseQuestion(line, index + 1)]));
    const answers = questions.map(({ asker, request }) => JSON.stringify(answer(asker, request, access)));
    if (answers.length > 0) print(answers.join("\n"));
    return;
  }
  const [verb, resource, name] = words;
  if (verb === undefined || resource === undefined)
    throw new Refusal("malformed", "Cannot answer: name a verb and a resource, or a file of questions by --queries");
  if (place.person === undefined)
    throw new Refusal("malformed", "Cannot answer: name the user by --as, such as system:serviceaccount:ml:trainer");
  const request = parseRequest(verb, resource, {
    ...(name === undefined ? {} : { name }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  });
  const found = answer(askerOf(place.person, options.asGroup), request, access);
  if (place.json) printJson(found);
  else print(`${found.allowed ? "yes" : "no"}: ${found.reason}`);
  return found.allowed ? undefined : "failing";
}

/** Lists who may do it. */
export async function whoCan(place: Place, options: Reading, words: readonly string[]): Promise<void> {
  const access = readAccess(read(options));
  const [verb = "", resource = "", name] = words;
  const request = parseRequest(verb, resource, {
    ...(name === undefined ? {} : { name }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  });
  const grants = subjectsThatCan(request, access);
  if (place.json) {
    printJson(
      grants.map((grant) => ({
        subject: saySubject(grant.subject),
        binding: sayBinding(grant.binding),
        role: `${grant.role.kind} ${grant.role.namespace === "" ? "" : `${grant.role.namespace}/`}${grant.role.name}`,
        rule: grant.ruleIndex + 1,
        reason: reasonOf(grant),
      })),
    );
    return;
  }
  printTable(
    ["SUBJECT", "BINDING", "ROLE", "RULE"],
    grants.map(({ subject, binding, role, rule, ruleIndex }) => [
      saySubject(subject),
      sayBinding(binding),
      role.name,
      `${ruleIndex + 1}: ${sayRule(rule)}`,
    ]),
  );
}

async function readAudit(paths: readonly string[], whom: (user: string) => boolean): Promise<AuditReading> {
  const reader = new AuditReader(whom);
  for await (const line of readAuditLines(paths)) reader.read(line);
  return reader.finish();
}

function sayCoverage({ events, denied, first, last, gaps, unreadable, coarsened }: Coverage): string {
  const more = [
    gaps.length > 0 ? `${gaps.length} gaps of more than an hour` : "",
    unreadable > 0 ? `${unreadable} lines unreadable` : "",
    coarsened > 0 ? `${coarsened} rights seen with too many names to keep` : "",
  ].filter((text) => text !== "");
  return `audit log of ${events} events (${denied} denied) from ${first || "never"} to ${last || "never"}${more.length > 0 ? `; ${more.join("; ")}` : ""}`;
}

/** Prints the smallest role of a user, with the choices and the proof. */
export async function narrow(place: Place, options: Narrowing): Promise<"failing" | void> {
  if (place.person === undefined)
    throw new Refusal(
      "malformed",
      "Cannot find the smallest role: name the user by --as, such as system:serviceaccount:ml:trainer",
    );
  if (options.auditLog.length === 0)
    throw new Refusal("malformed", "Cannot find the smallest role: name the audit log by --audit-log");
  const user = userOf(place.person);
  const access = readAccess(read(options));
  const { uses, coverage } = await readAudit(options.auditLog, (each) => each === user);
  const found = minimize(user, uses.values(), access, {
    names: options.names,
    namespaces: options.namespaces,
    readTrio: options.readTrio === true,
  });
  const objects = objectsOf(user, found);
  const { proof, choices, leave, noLongerGranted } = found;
  if (place.json) printJson({ user, coverage, objects, choices, proof, leave, noLongerGranted });
  else {
    const lines = [
      `From an ${sayCoverage(coverage)}`,
      ...choices.map(({ taken, says }) => `Choice (${taken ? "taken" : "not taken"}): ${says}`),
      ...noLongerGranted.map((use) => `Used, and not granted today: ${use}`),
      ...leave.map(
        ({ binding, subject, role, sharedWith }) =>
          `Take ${subject} out of ${binding}; ${role} ${sharedWith === 0 ? "is then held by nobody" : `stays for ${sharedWith} others`}`,
      ),
      `Proof: ${proof.usedNotCovered.length === 0 ? "covers all that was used" : `does not cover ${proof.usedNotCovered.join("; ")}`}`,
      `Proof: ${proof.grantedBeyond.length === 0 ? "grants nothing that was not granted" : `grants beyond what was: ${proof.grantedBeyond.join("; ")}`}`,
      ...proof.dropped.map((right) => `Dropped: ${right}`),
    ];
    // A name in a log may hold a line break, and what follows one is no comment any more.
    print(lines.map((line) => `# ${line.replace(/[\r\n\u0085\u2028\u2029]/g, " ")}`).join("\n"));
    print(
      objects
        .map((object) => `---\n${dump(object)}`)
        .join("")
        .trimEnd(),
    );
  }
  return proof.usedNotCovered.length + proof.grantedBeyond.length > 0 ? "failing" : undefined;
}

/** Shows the ways to harm. */
export async function paths(place: Place, options: Finding): Promise<"failing" | void> {
  const snapshot = read(options);
  const access = readAccess(snapshot);
  const workloads = aiWorkloadsOf(snapshot);
  const terrain = terrainOf(snapshot, groundOf({ snapshot, access, workloads, settings: {} }));
  const users = options.from === undefined ? usersOf(workloads) : [userOf(options.from)];
  const found = users.flatMap((user) => pathsFrom(user, terrain, options.to).map((path) => ({ user, ...path })));
  if (place.json)
    printJson(
      found.map(({ user, sink, target, steps, cut, isCutExact }) => ({
        from: user,
        sink,
        target,
        steps: steps.map(({ from, to, how, grants }) => ({ from, to, how, grantedBy: grants.map(sayGrant) })),
        cut,
        isCutExact,
      })),
    );
  for (const { target, steps, cut, isCutExact } of place.json ? [] : found) {
    print(`${steps[0]?.from ?? ""} -> ${target}`);
    for (const { how, to, grants } of steps)
      print(`  ${how} -> ${to}${grants.length === 0 ? "" : ` [${grants.map(sayGrant).join("; ")}]`}`);
    print(`  ${isCutExact ? "smallest cut" : "a cut"}: ${cut.join("; ")}`);
  }
  if (!place.json) print(`${found.length} paths from ${users.length} subjects`);
  return found.length > 0 ? "failing" : undefined;
}

/** The users as whom AI workloads run. */
function usersOf(workloads: readonly AiWorkload[]): string[] {
  return [
    ...new Set(
      workloads.flatMap(({ workload: { object, templates } }) =>
        templates.map(({ serviceAccount }) => accountUser(object.namespace, serviceAccount)),
      ),
    ),
  ];
}

/** A user, or a service account as we print it: `ServiceAccount ml/trainer`. */
function userOf(said: string): string {
  const [, namespace, name] = /^(?:ServiceAccount )?([^/:\s]+)\/([^/:\s]+)$/.exec(said) ?? [];
  return namespace !== undefined && name !== undefined ? accountUser(namespace, name) : said;
}

/** Scans, prints in the form that is asked for, and fails when something stands. */
export async function scan(place: Place, options: Scanning): Promise<"failing" | void> {
  const at = parseInstant(new Date().toISOString());
  const exceptions = options.exceptions === undefined ? [] : readExceptions(options.exceptions);
  const baseline = options.baseline === undefined ? new Set<string>() : readBaseline(options.baseline);
  const snapshot = read(options);
  const found = scanAccess(snapshot, {
    ...(await unusedIn(snapshot, options.auditLog)),
    ...(options.namespace === undefined ? {} : { namespaces: [options.namespace] }),
    ...(options.registryWriter.length === 0 ? {} : { registryWriters: options.registryWriter }),
    breakGlass: options.breakGlass,
  });
  const violations = settle(found.violations, { exceptions, baseline, day: dayOf(at) });
  for (const { owner, rule, until } of exceptions.filter(({ until: end }) => end < dayOf(at)))
    say(`aims: the exception of ${owner} to ${rule} ended on ${until}`);
  const report = reportOf(found, violations, at);
  switch (place.output) {
    case "json":
      printJson(jsonOf(found, violations));
      break;
    case "sarif":
      printJson(toSarif(report));
      break;
    case "junit":
      process.stdout.write(toJunit(report));
      break;
    case "openreports":
      printJson(toOpenReports(report));
      break;
    default:
      printScan(found, violations);
  }
  return standing(violations, options.failOn).length > 0 ? "failing" : undefined;
}

/** What AI workloads hold and did not use. Nothing is said without a log. */
async function unusedIn(snapshot: ClusterSnapshot, logs: readonly string[]): Promise<{ unused?: Unused[] }> {
  if (logs.length === 0) return {};
  const users = usersOf(aiWorkloadsOf(snapshot));
  const { uses, coverage } = await readAudit(logs, (user) => users.includes(user));
  say(`aims: ${sayCoverage(coverage)}`);
  const [from, to] = [coverage.first.slice(0, 10), coverage.last.slice(0, 10)];
  const days = isDay(from) && isDay(to) ? daysBetween(from, to) : 0;
  // A shorter log says nothing of 90 days: the rule is then not evaluated.
  if (days < 90) return {};
  const access = readAccess(snapshot);
  return { unused: users.flatMap((user) => unusedBy(user, uses.values(), { access, days })) };
}

function printScan({ workloads, notEvaluated }: AccessScan, violations: readonly Violation[]): void {
  const mark = ({ exception, isKnown }: Violation) => (exception ? " (excepted)" : isKnown ? " (known)" : "");
  if (violations.length > 0)
    printTable(
      ["RULE", "SEVERITY", "SUBJECT", "OBJECT", "WHY"],
      violations.map((each) => [each.rule, each.severity + mark(each), each.subject, each.object, each.message]),
    );
  for (const { fix } of violations.slice(0, 1)) print(`First: ${fix.says}`);
  print(
    `${violations.length} violations; ${workloads.length} AI workloads, ${workloads.filter(({ aiSystem }) => !aiSystem).length} of them of no AI system`,
  );
  for (const { rule, why } of notEvaluated) print(`${rule} was not evaluated: ${why}`);
}

function jsonOf(found: AccessScan, violations: readonly Violation[]): unknown {
  return {
    scan: {
      clusters: [found.cluster],
      objects: found.objects,
      notEvaluated: found.notEvaluated,
      problems: found.problems,
    },
    workloads: found.workloads.map((workload: AiWorkload) => ({
      ref: nameOf(workload.workload.object),
      aiSystem: workload.aiSystem ?? null,
      certainty: workload.certainty,
      purpose: workload.purpose,
      signals: workload.signals,
    })),
    violations,
  };
}

function reportOf(found: AccessScan, violations: readonly Violation[], at: Report["at"]): Report {
  return {
    name: "aims",
    version: versionOf(),
    at,
    rules: Object.entries(accessRules).map(([id, { severity, flags }]) => ({ id, severity, text: flags })),
    results: violations.map((violation) => {
      const [kind = "", rest = ""] = violation.object.split(" ");
      const { exception } = violation;
      return {
        rule: violation.rule,
        severity: violation.severity,
        message: violation.message,
        subject: violation.subject,
        object: {
          kind,
          name: rest.slice(rest.indexOf("/") + 1),
          namespace: rest.includes("/") ? rest.slice(0, rest.indexOf("/")) : "",
        },
        fingerprint: violationKey(violation),
        fix: violation.fix.says,
        ...(violation.place ? { place: violation.place } : {}),
        ...(exception
          ? { accepted: `${exception.owner}: ${exception.reason}, until ${exception.until}` }
          : violation.isKnown
            ? { accepted: "It is in the baseline" }
            : {}),
      };
    }),
    notEvaluated: found.notEvaluated,
  };
}

function readExceptions(file: string): Exception[] {
  const { value } = parseYaml(readText(file).text, file);
  const list = Array.isArray(value) ? value : (value as { exceptions?: unknown } | null)?.exceptions;
  const refuse = (why: string) =>
    new Refusal("malformed", `Cannot read exceptions in "${file}": ${why}`, { place: { file } });
  if (!Array.isArray(list)) throw refuse("it is no list");
  return list.map((item: unknown, index) => {
    const fields = (typeof item === "object" && item !== null ? item : {}) as Record<string, unknown>;
    const said = (key: string): string => {
      const text = fields[key];
      if (typeof text !== "string" || text.trim() === "") throw refuse(`exception ${index + 1} has no ${key}`);
      return text;
    };
    const until = said("until");
    if (!isDay(until)) throw refuse(`exception ${index + 1} ends on "${until}", which is no day`);
    const rule = said("rule");
    if (!Object.hasOwn(accessRules, rule)) throw refuse(`exception ${index + 1} is about "${rule}", which is no rule`);
    if (fields["subject"] === undefined && fields["object"] === undefined)
      throw refuse(`exception ${index + 1} names no subject and no object`);
    return {
      rule,
      owner: said("owner"),
      reason: said("reason"),
      until,
      ...(fields["subject"] === undefined ? {} : { subject: said("subject") }),
      ...(fields["object"] === undefined ? {} : { object: said("object") }),
    };
  });
}

function readBaseline(file: string): Set<string> {
  const { value } = parseYaml(readText(file).text, file);
  const { violations } = (typeof value === "object" && value !== null ? value : {}) as { violations?: unknown };
  if (!Array.isArray(violations))
    throw new Refusal("malformed", `Cannot read baseline "${file}": it is no scan printed by --output json`, {
      place: { file },
    });
  return new Set((violations as Violation[]).map(violationKey));
}
