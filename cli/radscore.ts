#!/usr/bin/env node
// The command `radscore`. A command is one line in `commands` and one file that is loaded when it is called.

type Command = { does: string; run(args: string[]): Promise<number> };

const commands: Record<string, Command> = {
  extract: { does: "radiomics features of regions in images", run: async (args) => (await import("./extract.js")).extractCommand(args) },
  init: { does: "a commented study plan, after a paper's method or for your own tables", run: async (args) => (await import("./init.js")).initCommand(args) },
  check: { does: "every mistake of a study plan, or what was understood", run: async (args) => (await import("./check.js")).checkCommand(args) },
  schema: { does: "the JSON Schema of study plans, for editors", run: async (args) => (await import("./schema.js")).schemaCommand(args) },
  features: { does: "the table of all features with IBSI codes and units", run: async (args) => (await import("./featureTable.js")).featuresCommand(args) },
  run: { does: "a plan and its tables to a validated model, nomogram and report", run: async (args) => (await import("./run.js")).runCommand(args) },
  audit: { does: "can printed figures of merit and tests be true?", run: async (args) => (await import("./audit.js")).auditCommand(args) },
  verify: { does: "computes a study.radscore anew and tells whether it is the same", run: async (args) => (await import("./verify.js")).verifyCommand(args) },
  predict: { does: "scores new patients by a study's frozen model", run: async (args) => (await import("./predict.js")).predictCommand(args) },
};

const usage = `radscore: breast images, masks and clinical tables to radiomics features and models

  radscore <command> [options]

Commands
${Object.entries(commands).map(([name, { does }]) => `  ${name.padEnd(12)}${does}`).join("\n")}

  radscore <command> --help    options, defaults and examples of a command
  radscore --version           version of this program

Example
  radscore extract examples/breast1_image.nrrd examples/breast1_label.nrrd
`;

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(usage);
    return name === undefined ? 1 : 0;
  }
  if (name === "--version") {
    process.stdout.write(`radscore ${(await import("./version.js")).version()}\n`);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command.run(rest);
  const { didYouMean } = await import("../src/math/check.js");
  process.stderr.write(`radscore: there is no command "${name}". ${didYouMean(name, Object.keys(commands))} See radscore --help.\n`);
  return 1;
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => { if (error.code !== "EPIPE") throw error; });
process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(error.name === "InputError" ? `radscore: ${error.message}\n` : `radscore: this is a mistake of the program, please report it.\n${error.stack}\n`);
  return 1;
});
