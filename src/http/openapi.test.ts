import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { api } from "#contract/api.ts";
import { kinds } from "#core/records/all.ts";
import { printDocs } from "./docs.ts";
import { printDocument } from "./openapi.ts";

type Operation = {
  operationId: string;
  security: object[];
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: { "application/json": { schema: { properties: Record<string, unknown> } } } };
};

const document = JSON.parse(JSON.stringify(printDocument("1.2.3"))) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test("the API document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
});

test("the document holds each endpoint of the contract once, and operations are named once", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, path, method } of api)
    expect(document.paths[path]?.[method.toLowerCase()]?.operationId).toBe(name);
});

test("every reference in the document leads somewhere", () => {
  const lost: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, item] of Object.entries(value)) {
      if (name === "$ref" && typeof item === "string" && !leadsSomewhere(item)) lost.push(item);
      walk(item);
    }
  };
  walk(document);
  expect(lost).toEqual([]);
});

function leadsSomewhere(reference: string): boolean {
  let here: unknown = document;
  for (const part of reference.replace(/^#\//, "").split("/"))
    here = (here as Record<string, unknown> | undefined)?.[part];
  return here !== undefined;
}

test("every parameter of a path is named in it, and the other way round", () => {
  const wrong = operations.filter(({ path, operation }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const given = (operation.parameters ?? []).filter((parameter) => parameter.in === "path").map(({ name }) => name);
    return inPath.sort().join() !== given.sort().join();
  });
  expect(wrong).toEqual([]);
});

test("each kind has its own schema, and an operation for each deed that a person may do", () => {
  for (const kind of Object.values(kinds)) {
    if (kind.kept === "ledger") continue;
    for (const [name, deed] of Object.entries(kind.deeds)) {
      if (deed.from === "new" || deed.who.every(({ by }) => by === "machine")) continue;
      const operation = document.paths[`/api/records/${kind.name}/{ref}/${name}`]?.["post"];
      expect(operation?.operationId, `${kind.name}.${name}`).toBe(`${kind.name}.${name}`);
      expect(operation?.parameters?.some((parameter) => parameter.name === "If-Match" && parameter.required)).toBe(
        true,
      );
    }
  }
});

test("a deed that sets few fields offers no others, and an approving one takes the password", () => {
  const body =
    document.paths["/api/records/policy/{ref}/approve"]?.["post"]?.requestBody?.content["application/json"].schema
      .properties;
  const fields = body?.["fields"] as { properties?: object } | undefined;
  expect(Object.keys(fields?.properties ?? {})).toEqual(kinds.policy.deeds["approve"]?.sets);
  expect(body?.["password"]).toBeDefined();
  const amend =
    document.paths["/api/records/policy/{ref}/amend"]?.["post"]?.requestBody?.content["application/json"].schema
      .properties;
  expect(amend?.["password"]).toBeUndefined();
});

test("fields carry title, help and unit, and days are dates", () => {
  const { properties } = document.components.schemas["Person"] as {
    properties: Record<string, Record<string, unknown>>;
  };
  expect(properties["active_from"]).toMatchObject({ title: "Active from", type: "string", format: "date" });
  expect(properties["in_scope"]?.["description"]).toBe("Builds, runs, oversees or uses AI systems in scope");
  const { properties: common } = document.components.schemas["CommonFields"] as {
    properties: Record<string, Record<string, unknown>>;
  };
  expect(common["review_interval_months"]).toMatchObject({ type: "integer", "x-unit": "months" });
});

test("the public endpoints ask for nothing, all others for a cookie or token", () => {
  const open = operations
    .filter(({ operation }) => operation.security.length === 0)
    .map(({ operation }) => operation.operationId);
  expect(open.sort()).toEqual(
    api
      .filter(({ who }) => who === "public")
      .map(({ name }) => name)
      .sort(),
  );
});

test("the page to read tells of every endpoint and kind, and loads nothing from elsewhere", () => {
  const page = printDocs("1.2.3");
  for (const { name, path } of api) expect(page, name).toContain(`<code>${path}</code>`);
  for (const { name } of Object.values(kinds)) expect(page).toContain(`id="kind-${name}"`);
  expect(page).not.toMatch(/<script|style=|https?:\/\/(?!127\.0\.0\.1)/);
});
