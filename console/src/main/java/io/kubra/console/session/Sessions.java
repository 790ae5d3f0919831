package io.kubra.console.session;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions, in memory only: a restart of the server ends them. Ids are random and never reused.
 * Safe for use by many threads.
 */
public final class Sessions {
  /** How long a session lasts, whatever its token allows. */
  public static final Duration LIFETIME = Duration.ofHours(8);

  private static final int MOST = 1000;
  private static final int ID_BYTES = 32;

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  /** No sessions yet. */
  public Sessions(InstantSource clock) {
    this.clock = clock;
  }

  /** Begins a session and returns its id; when there are too many, the one that ends first goes. */
  public String begin(String user, String token) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    synchronized (sessions) {
      sessions.values().removeIf(s -> !s.end().isAfter(now));
      if (sessions.size() >= MOST) {
        sessions.entrySet().stream()
            .min(Comparator.comparing(e -> e.getValue().end()))
            .map(Map.Entry::getKey)
            .ifPresent(sessions::remove);
      }
      sessions.put(id, new Session(user, token, now.plus(LIFETIME)));
    }
    return id;
  }

  /** The session of an id, unless it ended. */
  public Optional<Session> find(String id) {
    synchronized (sessions) {
      Session session = sessions.get(id);
      return session == null || !session.end().isAfter(clock.instant())
          ? Optional.empty()
          : Optional.of(session);
    }
  }

  /** Ends a session. */
  public void end(String id) {
    synchronized (sessions) {
      sessions.remove(id);
    }
  }
}
