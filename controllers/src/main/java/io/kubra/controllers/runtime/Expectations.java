package io.kubra.controllers.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a controller has done that its informer has not shown yet. Until it has, the controller must
 * not act on a key again, or it would create or delete twice. Expectations that stay unmet for five
 * minutes are given up.
 */
public final class Expectations {
  private static final Duration GIVE_UP = Duration.ofMinutes(5);

  private static final class Open {
    final Set<String> deleted = new HashSet<>();
    int creating;
    Instant since = Instant.EPOCH;
  }

  private final InstantSource clock;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  /** Expectations that age by the given clock. */
  public Expectations(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether everything done for the key has been seen. */
  public boolean met(String key) {
    Open o = open.get(key);
    if (o == null) {
      return true;
    }
    synchronized (o) {
      return (o.creating <= 0 && o.deleted.isEmpty())
          || clock.instant().isAfter(o.since.plus(GIVE_UP));
    }
  }

  /** Announces that a number of objects is about to be created. */
  public void expectCreations(String key, int count) {
    Open o = open.computeIfAbsent(key, k -> new Open());
    synchronized (o) {
      o.creating = Math.max(0, o.creating) + count;
      o.since = clock.instant();
    }
  }

  /** Announces that an object is about to be deleted. */
  public void expectDeletion(String key, String uid) {
    Open o = open.computeIfAbsent(key, k -> new Open());
    synchronized (o) {
      o.deleted.add(uid);
      o.since = clock.instant();
    }
  }

  /** An object appeared, or was not created after all. */
  public void created(String key, int count) {
    Open o = open.get(key);
    if (o != null) {
      synchronized (o) {
        o.creating -= count;
      }
    }
  }

  /** An object is gone or going, or was not deleted after all. */
  public void deleted(String key, String uid) {
    Open o = open.get(key);
    if (o != null) {
      synchronized (o) {
        o.deleted.remove(uid);
      }
    }
  }

  /** Forgets a key. */
  public void forget(String key) {
    open.remove(key);
  }
}
