import { fromBase64, sameBytes } from "#core/basics/bytes.ts";
import { commitTo, saltBytes } from "./commitment.ts";
import type { Entry } from "./entry.ts";
import { sha256 as defaultSha256, type Sha256 } from "#core/basics/sha256.ts";

/** A revision of a record. */
export type Revision = { rid: string; rev: number };

/** What the ledger says of a revision: what was committed to, and whether a later entry erased it. */
export type LoggedRevision = Revision & { commit: Entry["commit"]; erased: boolean };

/** What is stored of a revision: salt and payload, or neither once it was erased. */
export type KeptRevision = Revision & { content?: { salt: Uint8Array; payload: Uint8Array } };

/**
 * What stored records look like beside the ledger. Only `erased` is in order: its content went with an
 * entry that says so. Content was changed (`edited`), lost (`missing`), added (`unlogged`) or kept in spite
 * of its erasure (`not-erased`) behind the ledger.
 */
export type Difference = Revision & { kind: "edited" | "missing" | "unlogged" | "not-erased" };
export type StateReplay = { agreeing: number; erased: Revision[]; differences: Difference[] };

/** The revisions in the ledger's entries, by `revisionKey`. */
export type LoggedRevisions = Map<string, LoggedRevision>;

/** The name under which a revision is found. */
export function revisionKey({ rid, rev }: Revision): string {
  return `${rid}@${rev}`;
}

/** Adds what an entry says to what the entries before it said. */
export function logRevision(logged: LoggedRevisions, { rid, rev, commit, revs }: Entry): void {
  logged.set(revisionKey({ rid, rev }), { rid, rev, commit, erased: false });
  for (const erased of revs ?? []) {
    const earlier = logged.get(revisionKey({ rid, rev: erased }));
    if (earlier) logged.set(revisionKey(earlier), { ...earlier, erased: true });
  }
}

/** The newest revision of each record, for a replay of the records as they stand now. */
export function newestOf(logged: Iterable<LoggedRevision>): LoggedRevision[] {
  const newest = new Map<string, LoggedRevision>();
  for (const revision of logged)
    if (revision.rev > (newest.get(revision.rid)?.rev ?? 0)) newest.set(revision.rid, revision);
  return [...newest.values()];
}

/** Holds stored revisions against those of the ledger. Both sides have to be of the same choice: all of them, or the newest. */
export function replayState(
  logged: Iterable<LoggedRevision>,
  kept: Iterable<KeptRevision>,
  sha256: Sha256 = defaultSha256,
): StateReplay {
  const awaited = new Map([...logged].map((revision) => [revisionKey(revision), revision]));
  const replay: StateReplay = { agreeing: 0, erased: [], differences: [] };
  for (const revision of kept) {
    const { rid, rev, content } = revision;
    const entry = awaited.get(revisionKey(revision));
    // What is named here is no longer awaited, so that a revision stored twice is unlogged the second time.
    awaited.delete(revisionKey(revision));
    const kind = !entry ? "unlogged" : compare(entry, content, sha256);
    if (kind === "agreeing") replay.agreeing++;
    else if (kind === "erased") replay.erased.push({ rid, rev });
    else replay.differences.push({ rid, rev, kind });
  }
  for (const { rid, rev, erased } of awaited.values()) {
    if (erased) replay.erased.push({ rid, rev });
    else replay.differences.push({ rid, rev, kind: "missing" });
  }
  return replay;
}

function compare(
  { commit, erased }: LoggedRevision,
  content: KeptRevision["content"],
  sha256: Sha256,
): Difference["kind"] | "agreeing" | "erased" {
  if (!content) return erased ? "erased" : "missing";
  if (erased) return "not-erased";
  const { salt, payload } = content;
  const same =
    salt.length === saltBytes &&
    payload.length === commit.n &&
    sameBytes(commitTo(salt, payload, sha256), fromBase64(commit.d));
  return same ? "agreeing" : "edited";
}
