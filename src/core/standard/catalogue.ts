import { annexA } from "./annex-a.ts";
import { annexA10 } from "./annex-a10.ts";
import { annexA2 } from "./annex-a2.ts";
import { annexA3 } from "./annex-a3.ts";
import { annexA4 } from "./annex-a4.ts";
import { annexA5 } from "./annex-a5.ts";
import { annexA6 } from "./annex-a6.ts";
import { annexA7 } from "./annex-a7.ts";
import { annexA8 } from "./annex-a8.ts";
import { annexA9 } from "./annex-a9.ts";
import { clause10 } from "./clause-10.ts";
import { clause4 } from "./clause-4.ts";
import { clause5 } from "./clause-5.ts";
import { clause6 } from "./clause-6.ts";
import { clause7 } from "./clause-7.ts";
import { clause8 } from "./clause-8.ts";
import { clause9 } from "./clause-9.ts";
import { custom } from "./custom.ts";
import { mission } from "./mission.ts";
import type { CheckText, Node } from "./node.ts";

const all = [
  ...clause4,
  ...clause5,
  ...clause6,
  ...clause7,
  ...clause8,
  ...clause9,
  ...clause10,
  ...annexA,
  ...annexA2,
  ...annexA3,
  ...annexA4,
  ...annexA5,
  ...annexA6,
  ...annexA7,
  ...annexA8,
  ...annexA9,
  ...annexA10,
  ...mission,
  ...custom,
] as const;

/** The id of a clause, control or mission item, such as `6.1.2`, `A.5.4` or `M05`. A misspelt one does not compile. */
export type NodeId = (typeof all)[number]["id"];

/** The id of a check, such as `ia.fresh`. */
export type CheckId = (typeof all)[number]["checks"][number]["id"];

/** Everything that the standard and the mission ask, in the order of the standard, then custom controls, then mission items. */
export const nodes: readonly Node[] = all;

/** Edition and version, for packs and proofs. */
export const edition = { standard: "ISO/IEC 42001:2023", catalogueVersion: "1.0.0", language: "en" } as const;

const byId = new Map<string, Node>(nodes.map((node) => [node.id, node]));

/** The node of that id, if there is one. */
export function findNode(id: string): Node | undefined {
  return byId.get(id);
}

/** Every check that counts for the node: those at home there and those it takes from elsewhere. */
export function checksOf(node: Node): readonly CheckId[] {
  return [...node.checks.map((check) => check.id as CheckId), ...node.alsoChecks.map((id) => id as CheckId)];
}

const texts = new Map<string, CheckText & { home: NodeId }>(
  nodes.flatMap((node) => node.checks.map((check) => [check.id, { ...check, home: node.id as NodeId }] as const)),
);

/** Every check's sentence, with the node it is at home on. */
export const checkTexts: ReadonlyMap<string, CheckText & { home: NodeId }> = texts;

/** Children of the node, in order. */
export function childrenOf(id: string): readonly Node[] {
  return nodes.filter((node) => node.parent === id);
}

/** Ids of the 38 controls of Annex A. */
export const annexAControls: readonly string[] = nodes.filter((node) => node.kind === "control").map((node) => node.id);

/** Ids of the clauses that can be assessed. */
export const assessableClauses: readonly string[] = nodes
  .filter((node) => node.kind === "clause" && node.assessable)
  .map((node) => node.id);
