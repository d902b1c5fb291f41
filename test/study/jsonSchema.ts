/** What of a value does not fit a JSON Schema: the parts of draft 2020-12 that the plan's schema uses; an unknown keyword throws. */
export function misfits(value: unknown, schema: any, root: any = schema, path = ""): string[] {
  if (schema === true || schema === undefined) return [];
  const wrong: string[] = [];
  const known = new Set(["$schema", "$defs", "title", "description", "default", "$ref", "type", "properties", "required", "additionalProperties", "propertyNames", "items", "prefixItems", "minItems", "maxItems", "anyOf", "oneOf", "allOf", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "format", "id"]);
  for (const key of Object.keys(schema)) if (!known.has(key)) throw new Error(`keyword ${key}`);
  const say = (what: string) => { wrong.push(`${path}: ${what}`); };
  if (schema.$ref !== undefined) wrong.push(...misfits(value, schema.$ref.replace(/^#\//, "").split("/").reduce((v: any, k: string) => v[k], root), root, path));
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (schema.type !== undefined && !(schema.type === kind || (schema.type === "integer" && Number.isInteger(value)))) return [...wrong, `${path}: is ${kind}, not ${schema.type}`];
  if (schema.const !== undefined && value !== schema.const) say(`is not ${schema.const}`);
  if (schema.enum !== undefined && !schema.enum.includes(value)) say(`is none of ${schema.enum.join(", ")}`);
  for (const part of schema.allOf ?? []) wrong.push(...misfits(value, part, root, path));
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined && forms.every((f: any) => misfits(value, f, root, path).length > 0)) say(`fits no form: ${forms.flatMap((f: any) => misfits(value, f, root, path)).join("; ")}`);
  if (typeof value === "number") {
    if (value < schema.minimum || value > schema.maximum || value <= schema.exclusiveMinimum || value >= schema.exclusiveMaximum) say(`${value} is out of range`);
  }
  if (typeof value === "string") {
    if (value.length < schema.minLength || value.length > schema.maxLength) say("length");
    if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) say("pattern");
  }
  if (Array.isArray(value)) {
    if (value.length < schema.minItems || value.length > schema.maxItems) say("number of entries");
    value.forEach((v, k) => wrong.push(...misfits(v, schema.prefixItems?.[k] ?? schema.items, root, `${path}/${k}`)));
  } else if (typeof value === "object" && value !== null) {
    for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) say(`lacks ${key}`);
    for (const [key, v] of Object.entries(value)) {
      if (schema.properties !== undefined && Object.hasOwn(schema.properties, key)) wrong.push(...misfits(v, schema.properties[key], root, `${path}/${key}`));
      else if (schema.additionalProperties === false) say(`has ${key}`);
      else wrong.push(...misfits(v, schema.additionalProperties, root, `${path}/${key}`));
    }
  }
  return wrong;
}
