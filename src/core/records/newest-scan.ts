import { after, group, line, link, list } from "./field.ts";
import { all, back, via } from "./follow.ts";
import type { AnyRecord, RecordOf } from "./kind.ts";
import type { Effect, Moment } from "./deed.ts";

type ScanKind = "k8s_access_scan" | "image_policy_scan";
type Scan = RecordOf<ScanKind>;
type Place = NonNullable<Scan["newest_for"]>[number];

/**
 * The namespaces of AI systems of which a scan is the newest. A new scan takes them over from the
 * one before, so that whoever asks about now finds one scan for a namespace and not all of them.
 */
export const newestFor = after(
  list(
    "Newest scan of",
    group(
      "Place",
      { namespace: line("Namespace"), ai_system: link("AI system", "ai_system") },
      { must: ["namespace", "ai_system"] },
    ),
    { help: "Set by the software; the next scan of a namespace takes it over" },
  ),
);

/** What the recording of a scan has to look at: the AI systems, and the scans that are the newest so far. */
export const nearScan = (kind: ScanKind) => ({
  systems: all("ai_system"),
  holders: via(all("ai_system"), back(kind, "newest_for.ai_system")),
});

/** The places of which the scan is the newest: none of those that a later scan already holds. */
export function placesOf(next: Scan, near: Moment["near"]): Place[] {
  const later = holders(near).filter((scan) => (scan.taken_at ?? "") > (next.taken_at ?? ""));
  return ((near["systems"] ?? []) as readonly RecordOf<"ai_system">[])
    .filter((system) => system.state !== "retired")
    .flatMap((system) =>
      (system.namespaces ?? [])
        .filter((namespace) => (next.namespaces ?? []).includes(namespace))
        .map((namespace) => ({ namespace, ai_system: system.ref })),
    )
    .filter((place) => !later.some((scan) => holds(scan, place)));
}

/** Takes the scan's places over from the scans that held them. */
export function takeOver(kind: ScanKind, next: Scan, near: Moment["near"]): Effect[] {
  const places = next.newest_for ?? [];
  return holders(near)
    .filter((scan) => scan.ref !== next.ref && places.some((place) => holds(scan, place)))
    .map((scan) => ({
      does: "move",
      kind,
      ref: scan.ref,
      deed: "give_way",
      fields: {
        newest_for: (scan.newest_for ?? []).filter((held) => !places.some((place) => isSame(held, place))),
      },
    }));
}

const holders = (near: Moment["near"]) => (near["holders"] ?? []) as readonly (AnyRecord & Scan)[];
const holds = (scan: Scan, place: Place) => (scan.newest_for ?? []).some((held) => isSame(held, place));
const isSame = (one: Place, other: Place) => one.namespace === other.namespace && one.ai_system === other.ai_system;
