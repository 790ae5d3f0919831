package io.kubra.cli.host.check;

/**
 * What a check found.
 *
 * @param found what was found, in few words
 * @param remedy what to do about it; empty if all is well
 */
public record Finding(Level level, String found, String remedy) {
  static Finding ok(String found) {
    return new Finding(Level.OK, found, "");
  }

  static Finding warning(String found, String remedy) {
    return new Finding(Level.WARNING, found, remedy);
  }

  static Finding failure(String found, String remedy) {
    return new Finding(Level.FAILURE, found, remedy);
  }
}
