import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

// What no command of ours does: changes the database of a data folder behind the software's back.

const [folder = "", statement = ""] = process.argv.slice(2);
const database = await PGlite.create(join(folder, "database"));
await database.exec(statement);
await database.close();
