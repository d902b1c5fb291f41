/**
 * A message of a step or learner without the names of patients, which it may hold where it tells of a row ("P7 lacks age",
 * "row 3 (patient P7)"): for findings, results and the cache. Row numbers are of the table as it was given.
 */
export function withoutPatients(message: string, id: readonly string[]): string {
  let plain = message;
  id.forEach((name, row) => {
    const said = `row ${row + 1}`;
    for (const [found, instead] of [
      [` (patient ${name})`, ""], [`${name} lacks `, `${said} lacks `], [`${name}: "`, `${said}: "`], [`${name}: stratum`, `${said}: stratum`], [` for ${name}, expected`, ` for ${said}, expected`],
    ]) {
      for (let at = plain.indexOf(found); at >= 0; at = plain.indexOf(found, at + instead.length)) {
        // "7 lacks" is not "17 lacks"
        if (at === 0 || !/[\p{L}\p{N}]/u.test(plain[at - 1]) || found.startsWith(" ")) plain = plain.slice(0, at) + instead + plain.slice(at + found.length);
        else at += found.length;
      }
    }
  });
  return plain;
}
