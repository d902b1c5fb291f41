// Every file of R's results is read by some test: by its name, or by a name that a test puts together (`coxph_${ties}`).
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { extendedTest, golden } from "../data.js";

const root = join(import.meta.dirname, "..");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts") && !f.startsWith("golden")).map((f) => readFileSync(join(root, f), "utf8"));

/** Quoted texts of the tests; ${…} in a template stands for one word, but four letters must be there in full. */
function named(text: string): RegExp[] {
  const quoted = text.match(/"[\w./-]+"|'[\w./-]+'|`[^`\n]*`/g) ?? [];
  return quoted.map((q) => q.slice(1, -1)).filter((q) => q.replace(/\$\{[^}]*\}/g, "").length >= 4).map((q) =>
    new RegExp(`(^|/)${q.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("[a-z0-9]+")}(\\.json)?$`));
}

function unused(folder: string): string[] {
  const patterns = sources.flatMap(named);
  const prefix = folder.endsWith("reference") ? "stats/reference/" : "";
  return readdirSync(folder).filter((f) => f.endsWith(".json")).filter((f) => {
    const name = f.replace(/\.json$/, "");
    return !patterns.some((p) => p.test(name) || p.test(prefix + f));
  });
}

test.each(["stats/reference", "stats/toy"])("each of R's results in %s is compared by a test", (folder) => expect(unused(golden(folder))).toEqual([]));

extendedTest("each of R's results on sets that are not shipped is compared by a test", "stats/reference", (folder) => expect(unused(folder)).toEqual([]));
