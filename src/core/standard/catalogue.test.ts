import { describe, expect, test } from "vitest";
import { checks } from "#core/conformity/all.ts";
import { annexAControls, assessableClauses, checksOf, checkTexts, findNode, nodes } from "./catalogue.ts";

const count = (kind: string) => nodes.filter((node) => node.kind === kind).length;

describe("the catalogue", () => {
  test("holds every clause, control objective, control and mission item once", () => {
    expect([
      count("clause"),
      count("control_objective"),
      count("control"),
      count("custom_control"),
      count("mission"),
    ]).toEqual([43, 12, 38, 2, 15]);
    expect(assessableClauses).toHaveLength(36);
    expect(annexAControls).toHaveLength(38);
    expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
  });

  test("has 195 checks with unique ids, each at home on one node", () => {
    expect(checkTexts.size).toBe(195);
    expect(nodes.flatMap((node) => node.checks)).toHaveLength(195);
  });

  test("refers only to nodes and checks that exist", () => {
    const missing = nodes.flatMap((node) => [
      ...(node.parent !== null && !findNode(node.parent) ? [`${node.id}: parent ${node.parent}`] : []),
      ...checksOf(node)
        .filter((id) => !checkTexts.has(id))
        .map((id) => `${node.id}: check ${id}`),
      ...(node.mission?.mapsTo ?? []).filter((id) => !findNode(id)).map((id) => `${node.id}: maps to ${id}`),
    ]);
    expect(missing).toEqual([]);
  });

  test("counts every check for at least one assessable node", () => {
    const counted = new Set<string>(nodes.filter((node) => node.assessable).flatMap(checksOf));
    expect([...checkTexts.keys()].filter((id) => !counted.has(id))).toEqual([]);
  });

  test("each check is carried out by exactly one of ours, and none of ours is without a sentence", () => {
    const carriedOut = checks.map((check) => check.id);
    expect(carriedOut.filter((id, position) => carriedOut.indexOf(id) !== position)).toEqual([]);
    expect(carriedOut.filter((id) => !checkTexts.has(id))).toEqual([]);
    expect([...checkTexts.keys()].filter((id) => !carriedOut.includes(id as never))).toEqual([]);
  });

  test("every assessable node says what an auditor would ask and which proof counts", () => {
    expect(
      nodes
        .filter((node) => node.auditQuestions.length < 2 || node.evidenceKinds.length === 0 || node.summary.length < 20)
        .map((node) => node.id),
    ).toEqual([]);
  });
});
