import { accountOf, type PathRequest, type ResourceRequest } from "./rbac.ts";
import { type Fields, fieldsOf, textOf, textsOf } from "#core/kubernetes/object.ts";

// The audit log of the API server, event by event: what was used is what the authoriser allowed, whatever came of it.

/** What one user did, once for each request of its kind. */
export type Use = {
  user: string;
  request: ResourceRequest | PathRequest;
  count: number;
  first: string;
  last: string;
  /** The grants that allowed it, in the authoriser's words. */
  reasons: Set<string>;
  /** Pods that asked, by the claims of their tokens. */
  pods: Set<string>;
};

export type Coverage = {
  events: number;
  /** Events that count neither way: another stage, seen before, or not allowed. */
  denied: number;
  first: string;
  last: string;
  /** Times between two events in which nothing at all was logged for longer than an hour. */
  gaps: { from: string; to: string }[];
  unreadable: number;
  /** Users whose distinct requests were too many to keep apart: their names were dropped. */
  coarsened: number;
};

export type AuditReading = { uses: Map<string, Use>; coverage: Coverage };

const mostNames = 1_000;
const mostUses = 200_000;
const mostReasons = 16;
const mostIds = 50_000;
const mostGaps = 1_000;
const gapHours = 1;

/** Reads events one line at a time and keeps no more of them than what is distinct, within bounds. */
export class AuditReader {
  uses: Map<string, Use> = new Map();
  coverage: Coverage = { events: 0, denied: 0, first: "", last: "", gaps: [], unreadable: 0, coarsened: 0 };
  /** How many names were kept for a user, verb, resource and namespace. */
  names: Map<string, number> = new Map();
  isCoarse: Set<string> = new Set();
  /** The audit ids seen lately, in two halves, so that the older half can be forgotten at once. */
  recent: Set<string> = new Set();
  older: Set<string> = new Set();
  whom: ((user: string) => boolean) | undefined;

  constructor(whom?: (user: string) => boolean) {
    this.whom = whom;
  }

  /** Takes a line: one event, or a list of them. */
  read(line: string): void {
    if (line.trim() === "") return;
    const value = this.parse(line);
    if (value === undefined) return;
    const { items, kind } = value;
    if (kind === "EventList" && Array.isArray(items)) for (const item of items) this.take(fieldsOf(item));
    else this.take(value);
  }

  finish(): AuditReading {
    return { uses: this.uses, coverage: this.coverage };
  }

  private parse(line: string): Fields | undefined {
    try {
      return fieldsOf(JSON.parse(line));
    } catch (problem) {
      // A log that is cut off in the middle of a line is worth the lines before it; the line is counted.
      if (!(problem instanceof SyntaxError)) throw problem;
      this.coverage.unreadable += 1;
      return undefined;
    }
  }

  private take(event: Fields): void {
    const stage = textOf(event["stage"]);
    const at = textOf(event["stageTimestamp"]) || textOf(event["requestReceivedTimestamp"]);
    if (stage === "" || at === "") {
      this.coverage.unreadable += 1;
      return;
    }
    this.note(at);
    const verb = textOf(event["verb"]);
    // A watch is used once it has begun, however long it then takes to end.
    if (stage !== "ResponseComplete" && stage !== "Panic" && !(stage === "ResponseStarted" && verb === "watch")) return;
    if (this.isSeen(textOf(event["auditID"]))) return;
    if (!isAllowed(event)) {
      this.coverage.denied += 1;
      return;
    }
    const user = fieldsOf(event["user"]);
    const impersonated = fieldsOf(event["impersonatedUser"]);
    const original = textOf(user["username"]);
    const subject = textOf(impersonated["username"]) || original;
    const reason = textOf(fieldsOf(event["annotations"])["authorization.k8s.io/reason"]);
    this.keep({
      user: subject,
      request: requestOf(event, verb),
      at,
      reason,
      pod: podOf(subject === original ? user : impersonated),
    });
    // Whoever acts as another used the right to do so as well.
    if (subject !== original) {
      for (const request of impersonations(impersonated))
        this.keep({ user: original, request, at, reason: "", pod: podOf(user) });
    }
  }

  private note(at: string): void {
    const { coverage } = this;
    coverage.events += 1;
    if (coverage.first === "" || at < coverage.first) coverage.first = at;
    if (coverage.last !== "" && hourOf(at) - hourOf(coverage.last) > gapHours && coverage.gaps.length < mostGaps)
      coverage.gaps.push({ from: coverage.last, to: at });
    if (at > coverage.last) coverage.last = at;
  }

  private isSeen(id: string): boolean {
    if (id === "") return false;
    if (this.recent.has(id) || this.older.has(id)) return true;
    this.recent.add(id);
    if (this.recent.size >= mostIds) {
      this.older = this.recent;
      this.recent = new Set();
    }
    return false;
  }

  private keep({
    user,
    request,
    at,
    reason,
    pod,
  }: {
    user: string;
    request: ResourceRequest | PathRequest;
    at: string;
    reason: string;
    pod: string;
  }): void {
    if (this.whom && !this.whom(user)) return;
    const kept = this.bounded(user, request);
    const key = keyOf(user, kept);
    let use = this.uses.get(key);
    if (!use) {
      use = { user, request: kept, count: 0, first: at, last: at, reasons: new Set(), pods: new Set() };
      this.uses.set(key, use);
    }
    use.count += 1;
    if (at < use.first) use.first = at;
    if (at > use.last) use.last = at;
    if (reason !== "" && use.reasons.size < mostReasons) use.reasons.add(reason);
    if (pod !== "" && use.pods.size < mostReasons) use.pods.add(pod);
  }

  /** Names beyond the bound are dropped: the use is then of any name, and the coverage says so. */
  private bounded(user: string, request: ResourceRequest | PathRequest): ResourceRequest | PathRequest {
    if (!("resource" in request) || request.name === "" || this.uses.has(keyOf(user, request))) return request;
    const without = { ...request, name: "" };
    const general = keyOf(user, without);
    const count = (this.names.get(general) ?? 0) + 1;
    if (count > mostNames || this.uses.size >= mostUses) {
      if (!this.isCoarse.has(general)) this.coverage.coarsened += 1;
      this.isCoarse.add(general);
      return without;
    }
    this.names.set(general, count);
    return request;
  }
}

function keyOf(user: string, request: ResourceRequest | PathRequest): string {
  return "resource" in request
    ? `${user} ${request.verb} ${request.group} ${request.resource} ${request.subresource} ${request.namespace} ${request.name}`
    : `${user} ${request.verb} ${request.path}`;
}

/** The authoriser's own word; the status code only where it is missing, and then only that it was let in. */
function isAllowed(event: Fields): boolean {
  const decision = fieldsOf(event["annotations"])["authorization.k8s.io/decision"];
  if (decision !== undefined) return decision === "allow";
  const code = fieldsOf(event["responseStatus"])["code"];
  return code !== 401 && code !== 403;
}

function requestOf(event: Fields, verb: string): ResourceRequest | PathRequest {
  const about = fieldsOf(event["objectRef"]);
  const resource = textOf(about["resource"]);
  if (resource === "") return { verb, path: textOf(event["requestURI"]).replace(/\?.*$/, "") };
  const subresource = textOf(about["subresource"]);
  // The name in the body of a creation is not in its URL, and no rule that is limited to names allows it.
  const isNameless = subresource === "" && (verb === "create" || verb === "deletecollection");
  return {
    verb,
    group: textOf(about["apiGroup"]),
    resource,
    subresource,
    name: isNameless ? "" : textOf(about["name"]),
    namespace: textOf(about["namespace"]),
  };
}

function impersonations(whom: Fields): ResourceRequest[] {
  const user = textOf(whom["username"]);
  const account = accountOf(user);
  const of = (resource: string, name: string, namespace = ""): ResourceRequest => ({
    verb: "impersonate",
    group: "",
    resource,
    subresource: "",
    name,
    namespace,
  });
  const implied = /^system:(authenticated|serviceaccounts(:.*)?)$/;
  return [
    account ? of("serviceaccounts", account.name, account.namespace) : of("users", user),
    // The API server adds these by itself; nobody has to be let use them.
    ...textsOf(whom["groups"])
      .filter((group) => !implied.test(group))
      .map((group) => of("groups", group)),
  ];
}

function podOf(user: Fields): string {
  const [pod] = textsOf(fieldsOf(user["extra"])["authentication.kubernetes.io/pod-name"]);
  return pod ?? "";
}

/** Hours since the year 0, near enough to see a gap. RFC 3339 in UTC, as the API server writes it. */
function hourOf(at: string): number {
  const part = (from: number, to: number) => Number(at.slice(from, to));
  return ((part(0, 4) * 12 + part(5, 7)) * 31 + part(8, 10)) * 24 + part(11, 13) + part(14, 16) / 60;
}
