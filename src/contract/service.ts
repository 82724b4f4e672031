import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { day } from "./value.ts";

const about = "The service";

export const readHealth = endpoint({
  name: "readHealth",
  method: "GET",
  path: "/api/health",
  summary: "Tell whether the software and its database answer",
  about,
  who: "public",
  input: z.object({}),
  output: z.object({ status: z.literal("ok"), version: z.string() }),
});

export const readApiDocument = endpoint({
  name: "readApiDocument",
  method: "GET",
  path: "/api/openapi.json",
  summary: "Read this API as an OpenAPI 3.1 document",
  about,
  who: "public",
  input: z.object({}),
  output: z.record(z.string(), z.unknown()),
});

export const readApiDocs = endpoint({
  name: "readApiDocs",
  method: "GET",
  path: "/api/docs",
  summary: "Read this API as a page",
  about,
  who: "public",
  input: z.object({}),
  output: z.string(),
  answer: "text",
  mediaType: "text/html",
});

export const letDaysPass = endpoint({
  name: "letDaysPass",
  method: "POST",
  path: "/api/clock",
  summary: "Let days pass in a sample organisation",
  description: "Refused in any organisation that is not a sample. What falls due by then is computed.",
  about,
  who: "member",
  input: z.object({ to: day }),
  output: z.object({ today: day }),
});
