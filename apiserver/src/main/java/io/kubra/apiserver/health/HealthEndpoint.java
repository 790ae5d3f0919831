package io.kubra.apiserver.health;

import io.kubra.apiserver.request.HealthCheck;
import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of /livez, /readyz and /healthz, with a path below it for each check. */
public final class HealthEndpoint implements NonResourceEndpoint {
  private static final Logger log = LoggerFactory.getLogger(HealthEndpoint.class);

  private final String name;
  private final List<HealthCheck> checks;

  /** An endpoint such as {@code readyz} with its checks; ping is always among them. */
  public HealthEndpoint(String name, List<HealthCheck> checks) {
    this.name = name;
    this.checks = new ArrayList<>();
    this.checks.add(
        new HealthCheck() {
          @Override
          public String name() {
            return "ping";
          }

          @Override
          public void check() {}
        });
    this.checks.addAll(checks);
  }

  @Override
  public boolean matches(String path) {
    return path.equals("/" + name) || path.startsWith("/" + name + "/");
  }

  @Override
  public void handle(RequestContext c) {
    String below = c.info().path().substring(name.length() + 1);
    if (below.isEmpty() || below.equals("/")) {
      all(c);
      return;
    }
    for (HealthCheck check : checks) {
      if (below.equals("/" + check.name())) {
        one(c, check);
        return;
      }
    }
    send(c, 404, "404 page not found\n");
  }

  private void one(RequestContext c, HealthCheck check) {
    try {
      check.check();
      send(c, 200, "ok");
    } catch (Exception e) {
      send(c, 500, "internal server error: " + e.getMessage() + "\n");
    }
  }

  private void all(RequestContext c) {
    Set<String> excluded = Set.copyOf(c.query().all("exclude"));
    StringBuilder text = new StringBuilder();
    boolean failed = false;
    for (HealthCheck check : checks) {
      if (excluded.contains(check.name())) {
        text.append("[+]").append(check.name()).append(" excluded: ok\n");
        continue;
      }
      try {
        check.check();
        text.append("[+]").append(check.name()).append(" ok\n");
      } catch (Exception e) {
        log.debug("{} check {} failed", name, check.name(), e);
        failed = true;
        text.append("[-]").append(check.name()).append(" failed: reason withheld\n");
      }
    }
    if (failed) {
      send(c, 500, text + name + " check failed\n");
    } else if (c.query().has("verbose")) {
      send(c, 200, text + name + " check passed\n");
    } else {
      send(c, 200, "ok");
    }
  }

  private static void send(RequestContext c, int status, String text) {
    c.exchange()
        .respond(
            status,
            HttpHeaders.of(
                "Content-Type",
                "text/plain; charset=utf-8",
                "Cache-Control",
                "no-cache, private",
                "X-Content-Type-Options",
                "nosniff"),
            text.getBytes(StandardCharsets.UTF_8));
  }
}
