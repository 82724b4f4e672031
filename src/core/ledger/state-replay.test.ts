import { expect, test } from "vitest";
import { formatEntry, parseEntry, type Entry } from "./entry.ts";
import { entryOf, nodePrimitives, payloadOf, saltOf, uuidOf } from "./sample.testing.ts";
import { logRevision, newestOf, replayState, type KeptRevision, type LoggedRevisions } from "./state-replay.ts";

/** The ledger in which record `rid` has revisions 1 to `revs`, the content of each being that of index rid * 10 + rev. */
function ledgerOf(records: Record<number, number>): LoggedRevisions {
  const logged: LoggedRevisions = new Map();
  for (const [rid, revs] of Object.entries(records))
    for (let rev = 1; rev <= revs; rev++) logRevision(logged, entryOfRevision(Number(rid), rev));
  return logged;
}

function entryOfRevision(rid: number, rev: number, more: Partial<Entry> = {}): Entry {
  const prev = rev > 1 ? { prev: "A".repeat(43) + "=" } : {};
  return parseEntry(formatEntry(entryOf(rid * 10 + rev, { rid: uuidOf(rid), rev, ...prev, ...more })));
}

function kept(
  rid: number,
  rev: number,
  content: KeptRevision["content"] = { salt: saltOf(rid * 10 + rev), payload: payloadOf(rid * 10 + rev) },
): KeptRevision {
  return { rid: uuidOf(rid), rev, content };
}
const gone = (rid: number, rev: number): KeptRevision => ({ rid: uuidOf(rid), rev });

/** The replay in few words. */
function check(logged: LoggedRevisions, rows: readonly KeptRevision[]): string[] {
  const { agreeing, erased, differences } = replayState(logged.values(), rows, nodePrimitives.sha256);
  const name = ({ rid, rev }: { rid: string; rev: number }) => `${Number.parseInt(rid.slice(-12), 16)}@${rev}`;
  return [
    `${agreeing} agree`,
    ...erased.map((each) => `erased ${name(each)}`),
    ...differences.map((each) => `${each.kind} ${name(each)}`),
  ];
}

test("records as the ledger has them agree, in any order", () => {
  expect(check(ledgerOf({ 1: 2, 2: 1 }), [kept(2, 1), kept(1, 2), kept(1, 1)])).toEqual(["3 agree"]);
  expect(check(ledgerOf({}), [])).toEqual(["0 agree"]);
});

test("a payload or a salt changed behind the ledger is edited", () => {
  const { salt, payload } = { salt: saltOf(11), payload: payloadOf(11) };
  for (const content of [
    { salt, payload: payloadOf(12) },
    { salt: saltOf(12), payload },
    { salt: salt.slice(1), payload },
    { salt, payload: payload.slice(1) },
    { salt: new Uint8Array([...salt, ...payload.slice(0, 1)]), payload: payload.slice(1) },
  ])
    expect(check(ledgerOf({ 1: 1 }), [kept(1, 1, content)])).toEqual(["0 agree", "edited 1@1"]);
});

test("a payload of another length than the ledger states is edited, whatever its hash", () => {
  const { commit } = entryOf(11);
  const logged: LoggedRevisions = new Map();
  logRevision(logged, entryOfRevision(1, 1, { commit: { ...commit, n: commit.n + 1 } }));
  expect(check(logged, [kept(1, 1)])).toEqual(["0 agree", "edited 1@1"]);
});

test("a revision that the ledger has and the store has not is missing", () => {
  expect(check(ledgerOf({ 1: 2 }), [kept(1, 1)])).toEqual(["1 agree", "missing 1@2"]);
  expect(check(ledgerOf({ 1: 1 }), [gone(1, 1)])).toEqual(["0 agree", "missing 1@1"]);
});

test("a revision that the store has and the ledger has not is unlogged, and so is one stored twice", () => {
  expect(check(ledgerOf({ 1: 1 }), [kept(1, 1), kept(1, 2), kept(2, 1)])).toEqual([
    "1 agree",
    "unlogged 1@2",
    "unlogged 2@1",
  ]);
  expect(check(ledgerOf({ 1: 1 }), [kept(1, 1), kept(1, 1)])).toEqual(["1 agree", "unlogged 1@1"]);
});

test("what an erase entry names is erased, whether its row went or its content, and nothing else is", () => {
  const logged = ledgerOf({ 1: 3, 2: 1 });
  logRevision(logged, entryOfRevision(1, 4, { op: "erase", revs: [1, 3] }));
  expect(check(logged, [gone(1, 1), kept(1, 2), kept(1, 4), kept(2, 1)])).toEqual([
    "3 agree",
    "erased 1@1",
    "erased 1@3",
  ]);
  expect(check(logged, [kept(1, 1), gone(1, 2), gone(1, 3), kept(1, 4), gone(2, 1)])).toEqual([
    "1 agree",
    "erased 1@3",
    "not-erased 1@1",
    "missing 1@2",
    "missing 2@1",
  ]);
});

test("the newest revisions alone can be replayed", () => {
  const newest = newestOf(ledgerOf({ 1: 3, 2: 1 }).values());
  expect(newest.map(({ rev }) => rev)).toEqual([3, 1]);
  expect(replayState(newest, [kept(1, 3), kept(2, 1)])).toEqual({ agreeing: 2, erased: [], differences: [] });
});
