import { expect, test } from "vitest";
import { acting, machine, stage } from "./deeds.testing.ts";

const platform = acting("P11", ["platform_engineer"]);
type Ground = ReturnType<typeof stage>;

function ground(...systems: readonly (readonly [ref: string, ...namespaces: string[]])[]): Ground {
  const on = stage({ ref: "P11" });
  for (const [ref, ...namespaces] of systems) {
    const system = { kind: "ai_system", ref, id: ref, rev: 1, state: "deployed", namespaces };
    on.records.put(system as unknown as Parameters<typeof on.records.put>[0]);
  }
  return on;
}
const scanned = (on: Ground, ref: string, taken: string, ...namespaces: string[]) =>
  on.act(machine, "k8s_access_scan", ref, "record", {
    cluster: "prod",
    namespaces,
    taken_at: `2026-11-${taken}:00.000Z`,
  });
const newest = (on: Ground, ref: string) =>
  (
    (on.records.find(ref) as unknown as { newest_for?: { namespace: string; ai_system: string }[] }).newest_for ?? []
  ).map(({ namespace, ai_system: system }) => `${system} ${namespace}`);

test("a scan is the newest of each namespace of an AI system that it reads, and of no other", async () => {
  const on = ground(["AIS-01", "a"], ["AIS-02", "b", "c"]);
  await scanned(on, "AC-1", "22T02:10", "a", "b", "shop");
  expect(newest(on, "AC-1")).toEqual(["AIS-01 a", "AIS-02 b"]);
  expect(on.records.find("AC-1")).toMatchObject({ ai_systems: ["AIS-01", "AIS-02"] });
});

test("the next scan takes over what it reads and leaves the rest", async () => {
  const on = ground(["AIS-01", "a"], ["AIS-02", "b"]);
  await scanned(on, "AC-1", "22T02:10", "a", "b");
  await scanned(on, "AC-2", "23T02:10", "b");
  expect([newest(on, "AC-1"), newest(on, "AC-2")]).toEqual([["AIS-01 a"], ["AIS-02 b"]]);
});

test("a scan of an earlier moment, brought in late, takes nothing over", async () => {
  const on = ground(["AIS-01", "a"]);
  await scanned(on, "AC-2", "23T02:10", "a");
  await scanned(on, "AC-1", "22T02:10", "a");
  expect([newest(on, "AC-1"), newest(on, "AC-2")]).toEqual([[], ["AIS-01 a"]]);
});

test("a scan that failed takes over as well, so that nobody leans on what it did not see", async () => {
  const on = ground(["AIS-01", "a"]);
  await scanned(on, "AC-1", "22T02:10", "a");
  const failed = { cluster: "prod", namespaces: ["a"], taken_at: "2026-11-23T02:10:00.000Z", error: "refused" };
  await on.act(machine, "k8s_access_scan", "AC-2", "record", failed);
  expect([newest(on, "AC-1"), newest(on, "AC-2")]).toEqual([[], ["AIS-01 a"]]);
});

test("a namespace that two systems share has its newest scan for each", async () => {
  const on = ground(["AIS-01", "a"], ["AIS-02", "a"]);
  await scanned(on, "AC-1", "22T02:10", "a");
  await scanned(on, "AC-2", "23T02:10", "a");
  expect([newest(on, "AC-1"), newest(on, "AC-2")]).toEqual([[], ["AIS-01 a", "AIS-02 a"]]);
});

test("scans of images follow their own line, and no person makes one give way", async () => {
  const on = ground(["AIS-01", "a"]);
  await scanned(on, "AC-1", "22T02:10", "a");
  const images = { cluster: "prod", namespaces: ["a"], taken_at: "2026-11-23T02:30:00.000Z" };
  await on.act(machine, "image_policy_scan", "IM-1", "record", images);
  expect([newest(on, "AC-1"), newest(on, "IM-1")]).toEqual([["AIS-01 a"], ["AIS-01 a"]]);
  expect(await on.declined(platform, "k8s_access_scan", "AC-1", "give_way", { newest_for: [] })).toMatch(
    /^not-permitted/,
  );
});
