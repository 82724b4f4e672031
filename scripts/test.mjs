// `npm test`: installs, then runs every suite (scripts/suites.ts). `npm test -- unit lint` runs those named.

import { join } from "node:path";
import { pinnedNode, root } from "./install.mjs";
import { runInPlace } from "./launch.mjs";

runInPlace(pinnedNode(), [join(root, "scripts/suites.ts"), ...process.argv.slice(2)], { cwd: root, stdin: "ignore" });
