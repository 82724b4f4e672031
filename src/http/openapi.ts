import * as z from "zod";
import { api } from "#contract/api.ts";
import { jsonSchemaOf } from "#contract/describe-kind.ts";
import { membersOfPath, type Endpoint } from "#contract/endpoint.ts";
import { problem, problemType } from "#contract/problem.ts";
import { createRecord, doDeed, listRecords, readHistory, readRecord } from "#contract/record.ts";
import { kinds } from "#core/records/all.ts";
import type { Deed } from "#core/records/deed.ts";
import { envelope } from "#core/records/envelope.ts";
import { schemaOf, type Kind } from "#core/records/kind.ts";
import { refusals } from "./problem.ts";

type Json = Record<string, unknown>;

/** The API as an OpenAPI 3.1 document: the endpoints of the contract, then each kind with its own schema and deeds. */
export function printDocument(version: string): Json {
  const schemas: Json = { Problem: hoisted(jsonSchemaOf(problem, "output"), {}) };
  const endpoints: readonly Endpoint[] = api;
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) put(paths, endpoint.path, endpoint.method, operationOf(endpoint, schemas));
  schemas["CommonFields"] = { type: "object", description: "What every record may carry", properties: common };
  for (const kind of Object.values(kinds)) {
    schemas[schemaName(kind)] = fieldsSchema(kind);
    if (kind.kept !== "ledger") addKind(paths, kind, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Aims",
      version,
      description:
        "Runs an AI management system after ISO/IEC 42001. Sign in for a cookie, or send a token as `Authorization: Bearer aims_...`. Refusals are problems after RFC 9457.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(endpoints.map(({ about }) => about)), ...Object.values(kinds).map(({ plural }) => plural)].map(
      (name) => ({ name }),
    ),
    paths,
    components: {
      schemas,
      securitySchemes: {
        cookie: { type: "apiKey", in: "cookie", name: "aims_session" },
        token: { type: "http", scheme: "bearer" },
      },
      responses: Object.fromEntries(
        refusals.map(({ code, title }) => [
          code,
          { description: title, content: { [problemType]: { schema: { $ref: "#/components/schemas/Problem" } } } },
        ]),
      ),
    },
  };
}

const commonSchema = jsonSchemaOf(schemaOfEnvelope());
const common = commonSchema["properties"] as Json;

function schemaOfEnvelope() {
  // Any kind's schema holds the envelope; its own fields are left out.
  return z.strictObject(
    Object.fromEntries(Object.entries(schemaOf(kinds.person).shape).filter(([name]) => Object.hasOwn(envelope, name))),
  );
}

function operationOf(
  endpoint: Endpoint,
  schemas: Json,
  narrowed: { named?: readonly string[]; body?: Json } = {},
): Json {
  const { properties = {}, required = [] } = hoisted(jsonSchemaOf(endpoint.input), schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const inPath = membersOfPath(endpoint.path);
  const rest = Object.keys(properties).filter((name) => !inPath.includes(name) && name !== endpoint.ifMatch);
  const inQuery = endpoint.method === "POST" ? [] : rest;
  const body = narrowed.body ?? bodyOf(endpoint, { properties, required, rest });
  const parameters = [
    ...inPath
      .filter((name) => narrowed.named?.includes(name) !== true)
      .map((name) => ({ name, in: "path", required: true, schema: properties[name] })),
    ...inQuery.map((name) => ({ name, in: "query", required: required.includes(name), schema: properties[name] })),
    ...(endpoint.ifMatch === undefined
      ? []
      : [
          {
            name: "If-Match",
            in: "header",
            required: true,
            description: "The version that the asker saw, which is the record's ETag",
            schema: { type: "string", examples: ['"3"'] },
          },
        ]),
  ];
  return {
    operationId: endpoint.name,
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    tags: [endpoint.about],
    security: endpoint.who === "public" ? [] : [{ cookie: [] }, ...(endpoint.byPersonOnly ? [] : [{ token: [] }])],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: { [endpoint.status]: answerOf(endpoint, schemas), ...declinedOf(endpoint) },
  };
}

function bodyOf(
  endpoint: Endpoint,
  {
    properties,
    required,
    rest,
  }: { properties: Record<string, Json>; required: readonly string[]; rest: readonly string[] },
): Json | undefined {
  if (endpoint.method !== "POST" || rest.length === 0) return undefined;
  const demanded = required.filter((name) => rest.includes(name));
  return {
    type: "object",
    properties: Object.fromEntries(rest.map((name) => [name, properties[name]])),
    ...(demanded.length === 0 ? {} : { required: demanded }),
    additionalProperties: false,
  };
}

function answerOf(endpoint: Endpoint, schemas: Json): Json {
  // By name, so that what every kind answers alike is told once.
  const name = `${endpoint.name.charAt(0).toUpperCase()}${endpoint.name.slice(1)}Answer`;
  schemas[name] ??= hoisted(jsonSchemaOf(endpoint.output, "output"), schemas);
  const schema = { $ref: `#/components/schemas/${name}` };
  const isVersioned =
    endpoint.ifMatch !== undefined || [createRecord.name, readRecord.name].includes(endpoint.name as never);
  return {
    description: endpoint.answer === "lines" ? "JSON, one value a line" : "Done",
    ...(isVersioned ? { headers: { ETag: { description: "The record's version", schema: { type: "string" } } } } : {}),
    content: { [endpoint.mediaType]: { schema } },
  };
}

/** Which refusals an endpoint may answer with, by status. */
function declinedOf(endpoint: Endpoint): Json {
  const codes = [
    "malformed",
    ...(endpoint.who === "public" ? [] : ["not-signed-in"]),
    ...(endpoint.path.includes("{") ? ["not-found"] : []),
    ...(endpoint.who === "administrator" || endpoint.method !== "GET" ? ["not-permitted"] : []),
    ...(endpoint.ifMatch === undefined ? [] : ["stale", "wrong-state", "guard"]),
    ...(endpoint.method === "POST" ? ["too-large"] : []),
    ...(endpoint.about === "Signing in" && endpoint.method === "POST" ? ["too-many"] : []),
  ];
  const found = refusals.filter(({ code }) => codes.includes(code));
  return {
    ...Object.fromEntries(found.map(({ code, status }) => [status, { $ref: `#/components/responses/${code}` }])),
    ...(endpoint.ifMatch === undefined ? {} : { 428: { $ref: "#/components/responses/malformed" } }),
  };
}

/** A kind's own operations: what the general ones are for it, with its own fields, states and deeds. */
function addKind(paths: Record<string, Json>, kind: Kind, schemas: Json): void {
  const base = `/api/records/${kind.name}`;
  const own = (operation: Json, id: string, summary: string, description?: string): Json => ({
    ...operation,
    operationId: `${kind.name}.${id}`,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [kind.plural],
  });
  const named = { named: ["kind"] };
  put(
    paths,
    base,
    "GET",
    own(operationOf(listRecords, schemas, named), "list", `A page of ${lowerFirst(kind.plural)}`, kind.summary),
  );
  put(
    paths,
    `${base}/{ref}`,
    "GET",
    own(operationOf(readRecord, schemas, named), "read", `One ${lowerFirst(kind.title)}`),
  );
  put(
    paths,
    `${base}/{ref}/history`,
    "GET",
    own(operationOf(readHistory, schemas, named), "history", `Every version of one ${lowerFirst(kind.title)}`),
  );
  const creating = Object.entries(kind.deeds).filter(([, deed]) => deed.from === "new" && isForPeople(deed));
  if (creating.length > 0) {
    const bodies = creating.map(([name, deed]) =>
      deedBody(
        kind,
        deed,
        { deed: { const: name, description: deed.title }, ref: { type: "string" } },
        creating.length > 1,
      ),
    );
    const body = bodies.length === 1 ? bodies[0] : { oneOf: bodies };
    put(
      paths,
      base,
      "POST",
      own(
        operationOf(createRecord, schemas, { ...named, ...(body && { body }) }),
        "create",
        creating.map(([, deed]) => deed.title).join(", or "),
      ),
    );
  }
  for (const [name, deed] of Object.entries(kind.deeds)) {
    if (deed.from === "new" || !isForPeople(deed)) continue;
    const description = `From ${deed.from.join(", ")}${typeof deed.to === "string" ? ` to ${deed.to}` : ""}.${deed.needs?.length ? ` Needs ${deed.needs.join(", ")}.` : ""}${deed.approves === undefined ? "" : " Asks for the password again."}`;
    const body = deedBody(kind, deed, {}, false);
    put(
      paths,
      `${base}/{ref}/${name}`,
      "POST",
      own(operationOf(doDeed, schemas, { named: ["kind", "deed"], body }), name, deed.title, description),
    );
  }
}

/** Deeds that the software alone does are not asked over the API. */
function isForPeople(deed: Deed): boolean {
  return deed.who.some(({ by }) => by !== "machine");
}

function deedBody(kind: Kind, deed: Deed, more: Json, isOneOfSeveral: boolean): Json {
  const whole = { $ref: `#/components/schemas/${schemaName(kind)}` };
  const all = Object.keys({ ...envelope, ...kind.fields });
  const fields =
    deed.sets === undefined
      ? whole
      : {
          type: "object",
          additionalProperties: false,
          properties: Object.fromEntries(
            deed.sets
              .filter((name) => all.includes(name))
              .map((name) => [name, { $ref: `#/components/schemas/${schemaName(kind)}/properties/${name}` }]),
          ),
        };
  return {
    type: "object",
    additionalProperties: false,
    properties: {
      ...more,
      fields,
      comment: { type: "string" },
      ...(deed.approves === undefined ? {} : { password: { type: "string", format: "password" } }),
    },
    ...(isOneOfSeveral ? { required: ["deed"] } : {}),
  };
}

function fieldsSchema(kind: Kind): Json {
  const { properties, ...rest } = jsonSchemaOf(schemaOf(kind)) as { properties: Json };
  const shared = new Set(Object.keys(envelope).filter((name) => !Object.hasOwn(kind.fields, name)));
  return {
    ...rest,
    title: kind.title,
    description: kind.summary,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [
        name,
        shared.has(name) ? { $ref: `#/components/schemas/CommonFields/properties/${name}` } : schema,
      ]),
    ),
    "x-states": kind.states,
    "x-prefix": kind.prefix,
  };
}

function schemaName(kind: Kind): string {
  return kind.name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function put(paths: Record<string, Json>, path: string, method: string, operation: Json): void {
  (paths[path] ??= {})[method.toLowerCase()] = operation;
}

/** Definitions that a schema carries along go to the document's own, where references find them. */
function hoisted(schema: Json, schemas: Json): Json {
  const { $defs, ...rest } = schema as { $defs?: Json };
  for (const [name, definition] of Object.entries($defs ?? {})) schemas[name] = moved(definition);
  return moved(rest) as Json;
}

function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === "$ref" && typeof item === "string" ? item.replace("#/$defs/", "#/components/schemas/") : moved(item),
    ]),
  );
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
