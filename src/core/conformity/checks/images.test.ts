import { expect, test } from "vitest";
import { answerOf, approved, holds, kept } from "../ground.testing.ts";

const day = "2026-11-23";
const system = (change: Record<string, unknown> = {}) =>
  kept("ai_system", "AIS-04", {
    state: "deployed",
    in_scope: true,
    tier: 3,
    acquisition: "in_house",
    namespaces: ["bedcast-prod"],
    ...change,
  });
const container = (change: Record<string, unknown> = {}) => ({
  role: "main",
  name: "bedcast",
  image: "registry.example/ai/bedcast@sha256:aa",
  digest: "sha256:aa",
  pinned: true,
  source: "AS-01",
  signature: "valid",
  vulnerability_data_on: "2026-11-23",
  ...change,
});
const scan = (change: Record<string, unknown> = {}, ...containers: unknown[]) =>
  kept("image_policy_scan", "IM-1", {
    state: "taken",
    taken_at: "2026-11-23T02:30:00.000Z",
    newest_for: [{ namespace: "bedcast-prod", ai_system: "AIS-04" }],
    object_counts: { init: 1, sidecar: 0, ephemeral: 0 },
    workloads: [
      {
        name: "bedcast",
        namespace: "bedcast-prod",
        ai_system: "AIS-04",
        release: "REL-04",
        containers: containers.length > 0 ? containers : [container()],
      },
    ],
    admission: [{ namespace: "bedcast-prod", mode: "block", on_failure: "refuse" }],
    ...change,
  });
const source = kept("approved_source", "AS-01", { state: "approved", source_kind: "image" });
const release = (change: Record<string, unknown> = {}) =>
  kept("release", "REL-04", {
    state: "deployed",
    ai_system: "AIS-04",
    images: [{ image: "registry.example/ai/bedcast", digest: "sha256:aa" }],
    ...change,
  });
const found = (rule: string, change: Record<string, unknown> = {}) => ({
  rule,
  severity: "high",
  namespace: "bedcast-prod",
  workload: "bedcast",
  message: "found",
  first_seen: "2026-07-02",
  ai_system: "AIS-04",
  ...change,
});
const exception = (change: Record<string, unknown> = {}) =>
  kept("exception", "EX-02", {
    state: "granted",
    rule: "IM-01",
    risk: "RSK-006",
    valid_until: "2026-12-31",
    ...change,
  });
const ground = (scanned = scan()) => [system(), scanned, source, release()];

test("the policy says which sources are allowed, how integrity is proven and who excepts", () => {
  const topics = ["sources_allowed", "proof_of_integrity", "exceptions"];
  const policy = (change: Record<string, unknown> = {}) =>
    kept("document", "DOC-08", {
      state: "effective",
      doc_kind: "procedure",
      covers_nodes: ["X.REG"],
      topics,
      next_review_on: day,
      ...change,
    });
  expect(holds("image.policy", [policy(), approved(policy())], day)[0]).toBe("pass");
  expect(holds("image.policy", [policy(), approved(policy())], "2026-11-24")[0]).toBe("fail");
  expect(holds("image.policy", [policy()], day)[0]).toBe("fail");
});

test("each kind of source is listed, owned, approved and due for review no sooner than today", () => {
  const sources = ["image", "package", "model", "data"].map((kind, position) =>
    kept("approved_source", `AS-0${position}`, {
      state: "approved",
      source_kind: kind,
      owner: "P11",
      next_review_on: day,
    }),
  );
  const approvals = sources.map((one) => approved(one));
  expect(holds("image.approved_sources", [...sources, ...approvals], day)[0]).toBe("pass");
  expect(holds("image.approved_sources", [...sources, ...approvals], "2026-11-24")[0]).toBe("fail");
  expect(holds("image.approved_sources", sources, day)[0]).toBe("fail");
  expect(holds("image.approved_sources", [...sources.slice(1), ...approvals], day)[1]).toContain(
    "no source of the kind image is approved",
  );
});

test("a scan looks at init, sidecar and ephemeral containers", () => {
  expect(holds("image.scanned", ground(), day)[0]).toBe("pass");
  expect(holds("image.scanned", ground(scan({ object_counts: { init: 1, sidecar: 2 } })), day)).toEqual([
    "fail",
    "IM-1: it does not say that it looked at ephemeral containers",
  ]);
  expect(holds("image.scanned", ground(), "2026-11-30")[0]).toBe("pass");
  expect(holds("image.scanned", ground(), "2026-12-01")[0]).toBe("fail");
});

test("what leans on a scan is unknown while there is none and while it is old", () => {
  for (const id of [
    "image.only_approved",
    "image.pinned",
    "image.signed",
    "image.enforced",
    "image.model_data",
    "image.matches_release",
    "image.vulnerabilities",
  ]) {
    expect(holds(id, ground(), day)[0], id).toBe("pass");
    expect(holds(id, [system(), release()], day)[0], id).toBe("unknown");
    expect(holds(id, ground(scan({ state: "failed" })), day)[0], id).toBe("unknown");
    expect(holds(id, ground(), "2026-12-01")[0], id).toBe("unknown");
  }
});

test("an image from elsewhere needs an exception that is in force", () => {
  const from = (change: Record<string, unknown> = {}) =>
    scan(
      { results: [found("IM-01", { container: "fetch", exception: "EX-02", ...change })] },
      container({ name: "fetch", role: "init", source: undefined, signature: "missing" }),
    );
  expect(holds("image.only_approved", [...ground(from()), exception()], "2026-11-30")[0]).toBe("pass");
  expect(holds("image.only_approved", [...ground(from()), exception({ valid_until: "2026-11-22" })], day)[0]).toBe(
    "fail",
  );
  expect(holds("image.only_approved", [...ground(from({ exception: undefined })), exception()], day)[0]).toBe("fail");
  // Nobody reported it, and it comes from no source of ours all the same.
  expect(holds("image.only_approved", ground(scan({}, container({ source: undefined }))), day)[0]).toBe("fail");
  const revoked = kept("approved_source", "AS-01", { state: "revoked", source_kind: "image" });
  expect(holds("image.only_approved", [system(), scan(), revoked, release()], day)[0]).toBe("fail");
});

test("every container is named by digest", () => {
  expect(holds("image.pinned", ground(scan({}, container({ pinned: false }))), day)[0]).toBe("fail");
  expect(holds("image.pinned", ground(scan({ results: [found("IM-02", { exception: "EX-02" })] })), day)[0]).toBe(
    "fail",
  );
  expect(holds("image.pinned", ground(scan({ not_evaluated: [{ rule: "IM-02", why: "not read" }] })), day)[0]).toBe(
    "unknown",
  );
});

test("every image has a signature that verifies, or an exception for where it comes from", () => {
  const unsigned = (signature: string | undefined, results: unknown[] = []) =>
    ground(scan({ results }, container({ name: "fetch", signature })));
  expect(holds("image.signed", unsigned("missing"), day)[0]).toBe("fail");
  expect(holds("image.signed", unsigned("wrong_signer"), day)[0]).toBe("fail");
  expect(holds("image.signed", unsigned("unknown"), day)[0]).toBe("unknown");
  expect(holds("image.signed", unsigned(undefined), day)[0]).toBe("unknown");
  const excepted = unsigned("missing", [found("IM-01", { container: "fetch", exception: "EX-02" })]);
  expect(holds("image.signed", [...excepted, exception()], day)[0]).toBe("pass");
  const elsewhere = unsigned("missing", [found("IM-01", { container: "other", exception: "EX-02" })]);
  expect(holds("image.signed", [...elsewhere, exception()], day)[0]).toBe("fail");
});

test("an admission policy blocks, and refuses when it fails itself", () => {
  const under = (...admission: unknown[]) => ground(scan({ admission }));
  const namespace = "bedcast-prod";
  expect(holds("image.enforced", under({ namespace, mode: "warn", on_failure: "refuse" }), day)).toEqual([
    "fail",
    "IM-1: the admission policy of bedcast-prod only warns",
  ]);
  expect(holds("image.enforced", under({ namespace, mode: "none" }), day)[0]).toBe("fail");
  expect(holds("image.enforced", under({ namespace, mode: "block", on_failure: "allow" }), day)[0]).toBe("fail");
  expect(holds("image.enforced", under({ namespace, mode: "block" }), day)[0]).toBe("unknown");
  expect(holds("image.enforced", under({ namespace: "other", mode: "block", on_failure: "refuse" }), day)[0]).toBe(
    "unknown",
  );
});

test("a model comes from an approved source and is the file that was recorded", () => {
  const store = kept("approved_source", "AS-05", { state: "approved", source_kind: "model" });
  const model = (change: Record<string, unknown> = {}) =>
    kept("model", "MD-05", { hosted: "by_us", source: "AS-05", artifact_digest: "sha256:0c", ...change });
  const loads = (digest: string | undefined) => release({ models: [{ model: "MD-05", digest }] });
  const holdsWith = (one: ReturnType<typeof model>, digest: string | undefined, at = store) =>
    holds("image.model_data", [system(), scan(), source, at, one, loads(digest)], day)[0];
  expect(holdsWith(model(), "sha256:0c")).toBe("pass");
  expect(holdsWith(model(), "sha256:0d")).toBe("fail");
  expect(holdsWith(model(), undefined)).toBe("fail");
  expect(holdsWith(model({ source: undefined }), "sha256:0c")).toBe("fail");
  expect(holdsWith(model(), "sha256:0c", kept("approved_source", "AS-05", { state: "revoked" }))).toBe("fail");
  expect(holdsWith(model({ hosted: "by_supplier", source: undefined }), undefined)).toBe("pass");
});

test("data that a system loads is what was recorded; a newer version is compared where it runs", () => {
  const data = (change: Record<string, unknown> = {}) =>
    kept("dataset", "DS-06", {
      state: "in_use",
      use: ["operate"],
      version: "v9",
      digest: "sha256:f8",
      approved_source: "AS-01",
      ...change,
    });
  const with_ = (one: ReturnType<typeof data>, digest: string, artefacts: unknown[] = []) =>
    holds(
      "image.model_data",
      [
        system(),
        scan({ artefacts }),
        source,
        one,
        release({ datasets: [{ dataset: "DS-06", version: "v9", digest }] }),
      ],
      day,
    )[0];
  expect(with_(data(), "sha256:f8")).toBe("pass");
  expect(with_(data(), "sha256:f9")).toBe("fail");
  expect(with_(data({ version: "v10" }), "sha256:f9")).toBe("pass");
  expect(with_(data({ approved_source: undefined }), "sha256:f8")).toBe("fail");
  const running = (equal: boolean | undefined) => [{ dataset: "DS-06", namespace: "bedcast-prod", equal }];
  expect(with_(data(), "sha256:f8", running(true))).toBe("pass");
  expect(with_(data(), "sha256:f8", running(false))).toBe("fail");
  expect(with_(data(), "sha256:f8", running(undefined))).toBe("unknown");
});

test("what runs is what was approved; a difference is reviewed within five working days", () => {
  const drifted = (change: Record<string, unknown> = {}) =>
    scan({ results: [found("IM-10", { first_seen: "2026-11-13", ...change })] }, container({ digest: "sha256:bb" }));
  const noted = (difference: Record<string, unknown>) =>
    release({ differences: [{ found_on: "2026-11-13", what: "another image", ...difference }] });
  const held = (one = release(), on = day, scanned = drifted()) =>
    holds("image.matches_release", [system(), scanned, source, one], on)[0];
  expect(held(release(), "2026-11-20")).toBe("pass");
  expect(held(release(), day)).toBe("fail");
  expect(held(noted({ reviewed_on: "2026-11-20", consequence: "none" }))).toBe("pass");
  expect(held(noted({ reviewed_on: "2026-11-23", consequence: "none" }))).toBe("fail");
  expect(held(noted({ reviewed_on: "2026-11-20" }))).toBe("fail");
  expect(held(release(), day, scan({}, container({ digest: "sha256:bb" })))).toBe("fail");
  expect(holds("image.matches_release", [system(), scan(), source], day)).toEqual([
    "fail",
    "IM-1: no release stands behind bedcast-prod/bedcast",
  ]);
});

test("a critical vulnerability is mended within the days that the organisation set", () => {
  const open = scan({}, container({ critical_vulnerabilities: [{ id: "V-1", fixed_since: "2026-11-09" }] }));
  expect(answerOf("image.vulnerabilities", ground(open), day)).toMatchObject({
    result: "pass",
    changesOn: "2026-11-24",
  });
  expect(holds("image.vulnerabilities", ground(open), "2026-11-24")[0]).toBe("fail");
  const house = kept("organization", "ORG-01", { settings: { vulnerability_days: 30 } });
  expect(holds("image.vulnerabilities", [...ground(open), house], "2026-11-24")[0]).toBe("pass");
  const excepted = scan(
    { results: [found("IM-06", { container: "bedcast", exception: "EX-02" })] },
    container({ critical_vulnerabilities: [{ id: "V-1", fixed_since: "2026-11-01" }] }),
  );
  expect(holds("image.vulnerabilities", [...ground(excepted), exception({ rule: "IM-06" })], day)[0]).toBe("pass");
});

test("data on vulnerabilities that are older than a week say nothing", () => {
  const blind = (on: string | undefined) => ground(scan({}, container({ vulnerability_data_on: on })));
  expect(holds("image.vulnerabilities", blind("2026-11-16"), day)[0]).toBe("pass");
  expect(holds("image.vulnerabilities", blind("2026-11-15"), day)[0]).toBe("unknown");
  expect(holds("image.vulnerabilities", blind(undefined), day)[0]).toBe("unknown");
});
