package io.kubra.addons.helm.library;

/**
 * What a call came to.
 *
 * @param text what the function reports, empty if nothing
 * @param error why it failed, empty if it did not
 * @param output what Helm wrote to standard output meanwhile
 * @param warnings what Helm wrote to standard error meanwhile
 */
public record HelmResult(String text, String error, String output, String warnings) {
  /** Whether the call failed. */
  public boolean failed() {
    return !error.isEmpty();
  }
}
