package io.kubra.apiserver.service;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The node ports and which of them are taken. Guarded by its user. */
final class PortRange {
  private final int first;
  private final int last;
  private final Set<Integer> taken = new HashSet<>();

  PortRange(int first, int last) {
    this.first = first;
    this.last = last;
  }

  boolean contains(int port) {
    return port >= first && port <= last;
  }

  boolean take(int port) {
    return taken.add(port);
  }

  @Nullable Integer takeAny() {
    int count = last - first + 1;
    // the lowest ports are left to those who ask for a certain one
    int band = count < 32 ? 0 : Math.min(Math.max(16, count / 32), 128);
    int start = ThreadLocalRandom.current().nextInt(Math.max(1, count - band));
    for (int i = 0; i < count; i++) {
      int port = first + (band + start + i) % count;
      if (taken.add(port)) {
        return port;
      }
    }
    return null;
  }

  void release(int port) {
    taken.remove(port);
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
