package io.kubra.controllers.runtime;

/** Short hashes that are safe in names and never spell a word. */
public final class SafeHash {
  // No vowels and no look-alikes.
  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private SafeHash() {}

  /** The hash of some content; the count tells apart contents that collide. */
  public static String of(byte[] content, int collisions) {
    int hash = 0x811c9dc5;
    for (byte b : content) {
      hash = (hash ^ (b & 0xff)) * 0x01000193;
    }
    for (char c : Integer.toString(collisions).toCharArray()) {
      hash = collisions == 0 ? hash : (hash ^ c) * 0x01000193;
    }
    StringBuilder text = new StringBuilder();
    for (char c : Integer.toUnsignedString(hash).toCharArray()) {
      text.append(ALPHABET.charAt(c % ALPHABET.length()));
    }
    return text.toString();
  }
}
