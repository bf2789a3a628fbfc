/**
 * Keeps Mesa's chooser of devices from printing a warning on stderr whenever a
 * GPU is asked for, where the environment may be written.
 */
export function silenceMesa(): void {
  const variable = "NODEVICE_SELECT";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  if (state === "granted") Deno.env.set(variable, "1");
}
