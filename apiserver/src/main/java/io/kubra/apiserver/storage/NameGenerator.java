package io.kubra.apiserver.storage;

import java.util.concurrent.ThreadLocalRandom;

/** Names for {@code generateName}: the prefix and five characters that form no words. */
final class NameGenerator {
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX = 5;
  private static final int MAX_BASE = 63 - SUFFIX;

  private NameGenerator() {}

  static String generate(String base) {
    StringBuilder name =
        new StringBuilder(base.length() > MAX_BASE ? base.substring(0, MAX_BASE) : base);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < SUFFIX; i++) {
      name.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return name.toString();
  }
}
