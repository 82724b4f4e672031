import { expect, test } from "vitest";
import * as z from "zod";
import { kinds } from "#core/records/all.ts";
import { api } from "./api.ts";
import { addressOf } from "./call.ts";
import { describeKind } from "./describe-kind.ts";
import { membersOfPath, type Endpoint } from "./endpoint.ts";
import type { FieldDescription } from "./kind.ts";
import { readTile } from "./ledger.ts";
import { listRecords, readRecord } from "./record.ts";

const endpoints: readonly Endpoint[] = api;

test("no two endpoints share a name, or a method and path", () => {
  for (const key of [({ name }: Endpoint) => name, ({ method, path }: Endpoint) => `${method} ${path}`])
    expect(new Set(endpoints.map(key)).size).toBe(endpoints.length);
});

test("every member that a path names is a needed member of the input", () => {
  for (const { name, path, input } of endpoints)
    for (const member of membersOfPath(path)) {
      expect(input.shape[member], `${name} ${member}`).toBeDefined();
      expect(input.shape[member], `${name} ${member}`).not.toBeInstanceOf(z.ZodOptional);
    }
});

test("every endpoint that reads as at a day says so by the same name, and every write names its version or makes something", () => {
  const asAt = endpoints.filter(({ input }) => Object.hasOwn(input.shape, "as_at")).map(({ name }) => name);
  expect(asAt).toEqual(["readHome", "readBoard", "readNode", "listRecords", "readRecord", "readHistory", "findRecord"]);
  expect(endpoints.filter(({ ifMatch }) => ifMatch !== undefined).map(({ name }) => name)).toEqual(["doDeed"]);
});

test("a call's address carries what the path names, encoded, and the rest as its query", () => {
  expect(addressOf(readRecord, { kind: "soa_entry", ref: "SOA-1/A.5.4" })).toBe("/api/records/soa_entry/SOA-1%2FA.5.4");
  expect(
    addressOf(listRecords, {
      kind: "risk",
      state: ["assessed", "accepted"],
      text: "a & b",
      limit: 5,
      as_at: undefined,
    }),
  ).toBe("/api/records/risk?state=assessed&state=accepted&text=a+%26+b&limit=5");
  expect(addressOf(readTile, { path: "entries/x001/067.p/3" })).toBe("/api/ledger/tile/entries/x001/067.p/3");
});

test("every kind is described to the last field: titles, choices, links and limits", () => {
  const walk = (field: FieldDescription, kind: string): void => {
    const place = `${kind}.${field.name}`;
    expect(field.title, place).not.toBe("");
    expect(field.input === "choice", place).toBe(field.words !== undefined);
    expect(field.input === "link", place).toBe(field.kinds !== undefined && field.item === undefined);
    expect(field.input === "group", place).toBe(field.parts !== undefined);
    expect(field.input === "list", place).toBe(field.item !== undefined);
    for (const part of [...(field.parts ?? []), ...(field.item ? [field.item] : [])]) walk(part, place);
  };
  for (const kind of Object.values(kinds)) {
    const { fields, deeds, columns } = describeKind(kind);
    for (const field of fields) walk(field, kind.name);
    expect(fields.every(({ must }) => !must)).toBe(true);
    expect(deeds.map(({ name }) => name)).toEqual(Object.keys(kind.deeds));
    for (const { needs, sets, name } of deeds)
      for (const field of [...needs, ...(sets ?? [])])
        expect(
          fields.map((each) => each.name),
          `${kind.name}.${name}`,
        ).toContain(field);
    for (const { title } of columns) expect(title).not.toBe("");
  }
});

test("within a group, what has to be there is told apart", () => {
  const alignment = describeKind(kinds.policy).fields.find(({ name }) => name === "alignment");
  expect(alignment?.item?.parts?.map(({ name, must }) => [name, must]).slice(0, 3)).toEqual([
    ["area", true],
    ["other_policy", true],
    ["result", false],
  ]);
  expect(alignment?.after).toBe(true);
});
