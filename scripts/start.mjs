// `npm start`: from a fresh clone to a running server. `-- --empty` leaves the sample organisation out,
// `-- --data DIR` and `-- --port N` say where; whatever else is given goes to `aims serve` as it is.

import { join } from "node:path";
import { pinnedNode, root } from "./install.mjs";
import { runFirst, runInPlace } from "./launch.mjs";

const words = process.argv.slice(2);
const isEmpty = words.includes("--empty");
const rest = words.filter((word) => word !== "--empty");
const names = (option) => rest.some((word) => word === option || word.startsWith(`${option}=`));

const node = pinnedNode();
runFirst(node, [join(root, "scripts/build.ts"), "--if-stale"]);
runInPlace(node, [
  "--enable-source-maps",
  join(root, "dist/aims.js"),
  "serve",
  ...(names("--data") ? [] : ["--data", "./data"]),
  ...(names("--port") ? [] : ["--port", "4200"]),
  ...(isEmpty ? [] : ["--sample"]),
  ...rest,
]);
