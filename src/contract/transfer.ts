import * as z from "zod";
import { endpoint } from "./endpoint.ts";
import { count } from "./value.ts";

const about = "Files";
const file = z.object({ path: z.string().min(1).max(300), text: z.string() });

export const exportRecords = endpoint({
  name: "exportRecords",
  method: "GET",
  path: "/api/export",
  summary: "Export every record that the asker may see, with its history, as YAML files",
  description: "A file a line, and a last line that says how many there were: without it the export is not whole.",
  about,
  who: "member",
  input: z.object({}),
  answer: "lines",
  output: z.union([file, z.object({ files: count }), z.object({ failed: z.string() })]),
});

export const applyFiles = endpoint({
  name: "applyFiles",
  method: "POST",
  path: "/api/apply",
  summary: "Bring the files' records in",
  description:
    "All files are read and held against the rules first; a problem anywhere changes nothing. Applied twice, nothing changes the second time.",
  about,
  who: "member",
  bodyBytes: 50_000_000,
  input: z.object({ files: z.array(file).max(10_000) }),
  output: z.object({
    format: z.enum(["aims-story@1", "aims-export@1", "aims-records@1"]),
    files: count,
    records: count,
    created: count,
    amended: count,
    unchanged: count,
    versions: count,
    says: z.string(),
  }),
});
