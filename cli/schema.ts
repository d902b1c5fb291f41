import { planJsonSchema } from "../src/study/index.js";
import { fileSink } from "./files.js";
import { optionsHelp, readOptions, type Option } from "./options.js";

const options: Option[] = [
  { name: "out", short: "o", value: "FILE", help: "write it there instead of to standard output" },
  { name: "help", short: "h", help: "print this help" },
];

const schemaHelp = `radscore schema: the JSON Schema of study plans, by which editors complete and explain them

  radscore schema --out study.schema.json

  Then let the first line of the plan be
  # yaml-language-server: $schema=./study.schema.json
${optionsHelp(options)}
`;

/** `radscore schema` */
export async function schemaCommand(args: readonly string[]): Promise<number> {
  const { options: given } = readOptions(args, options);
  if (given.has("help")) { process.stdout.write(schemaHelp); return 0; }
  const text = `${JSON.stringify(planJsonSchema(), null, 2)}\n`;
  const out = given.get("out")?.at(-1);
  if (out === undefined) { process.stdout.write(text); return 0; }
  const sink = fileSink(out);
  sink.write(text);
  sink.close();
  return 0;
}
