package io.kubra.apiserver.standard;

import io.kubra.api.json.Yaml;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.ExternalAccess;
import io.kubra.apiserver.admission.podsecurity.PodSecurityConfig;
import io.kubra.apiserver.audit.AuditConfig;
import io.kubra.apiserver.auth.AnonymousAccess;
import io.kubra.apiserver.authz.AuthorizationConfig;
import io.kubra.apiserver.file.FollowedFile;
import io.kubra.apiserver.jwt.AuthenticationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Those of upstream's {@code kube-apiserver} flags that this server knows, by their names without
 * dashes before them. Files are read when what they configure is asked for.
 */
public final class ServerFlags {
  /** Nothing but defaults. */
  public static final ServerFlags NONE = new ServerFlags(Map.of());

  private static final Set<String> NUMBERS =
      Set.of(
          "audit-log-maxage",
          "audit-log-maxbackup",
          "audit-log-maxsize",
          "audit-webhook-batch-buffer-size",
          "audit-webhook-batch-max-size",
          "max-mutating-requests-inflight",
          "max-requests-inflight");
  private static final Set<String> SWITCHES =
      Set.of("anonymous-auth", "enable-priority-and-fairness");
  private static final Set<String> DURATIONS =
      Set.of("audit-webhook-batch-max-wait", "authentication-token-webhook-cache-ttl");
  private static final Set<String> TEXTS =
      Set.of(
          "admission-control-config-file",
          "audit-log-mode",
          "audit-log-path",
          "audit-policy-file",
          "audit-webhook-config-file",
          "authentication-config",
          "authentication-token-webhook-config-file",
          "authorization-config",
          "encryption-provider-config");
  private static final Pattern DURATION = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h)");

  private final Map<String, String> values;

  private ServerFlags(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Takes flags.
   *
   * @throws IllegalArgumentException if one is unknown, or its value is of the wrong kind
   */
  public static ServerFlags of(Map<String, String> values) {
    values.forEach(
        (name, value) -> {
          if (NUMBERS.contains(name)) {
            if (!value.matches("[0-9]{1,9}")) {
              throw new IllegalArgumentException(
                  "%s: expected a number, not \"%s\"".formatted(name, value));
            }
          } else if (DURATIONS.contains(name)) {
            duration(name, value);
          } else if (SWITCHES.contains(name)) {
            if (!value.equals("true") && !value.equals("false")) {
              throw new IllegalArgumentException(
                  "%s: expected true or false, not \"%s\"".formatted(name, value));
            }
          } else if (!TEXTS.contains(name)) {
            throw new IllegalArgumentException("unknown flag \"" + name + '"');
          }
        });
    return new ServerFlags(values);
  }

  /** The names of all flags there are. */
  public static Set<String> known() {
    Set<String> all = new TreeSet<>(TEXTS);
    all.addAll(NUMBERS);
    all.addAll(DURATIONS);
    all.addAll(SWITCHES);
    return all;
  }

  /** Whether a flag's value is the path of a file. */
  public static boolean isFile(String name) {
    return name.endsWith("-file") || name.endsWith("-path") || name.endsWith("-config");
  }

  /** What was given, by name. */
  public Map<String, String> values() {
    return new TreeMap<>(values);
  }

  /** With a value for a flag that was not given. */
  public ServerFlags orElse(String name, String value) {
    if (values.containsKey(name)) {
      return this;
    }
    Map<String, String> more = values();
    more.put(name, value);
    return of(more);
  }

  /** What is recorded of requests; empty if nothing is. */
  Optional<AuditConfig> audit() {
    Optional<AuditConfig.Log> log = file("audit-log-path").map(this::auditLog);
    Optional<AuditConfig.Webhook> webhook =
        file("audit-webhook-config-file").map(this::auditWebhook);
    return log.isEmpty() && webhook.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AuditConfig(
                file("audit-policy-file").orElse(null), log.orElse(null), webhook.orElse(null)));
  }

  /**
   * Who else knows users and decides what they may do.
   *
   * @throws IllegalArgumentException if a file is wrong
   */
  ExternalAccess externalAccess() {
    return new ExternalAccess(
        file("authentication-config")
            .map(file -> parsed(file, AuthenticationConfig::of))
            .orElse(null),
        switch (values.getOrDefault("anonymous-auth", "")) {
          case "true" -> AnonymousAccess.ALL;
          case "false" -> AnonymousAccess.NONE;
          default -> AnonymousAccess.HARMLESS;
        },
        file("authentication-token-webhook-config-file").orElse(null),
        duration("authentication-token-webhook-cache-ttl", Duration.ofMinutes(2)),
        file("authorization-config")
            .map(
                file ->
                    parsed(
                        file,
                        tree ->
                            AuthorizationConfig.of(tree, file.toAbsolutePath().resolveSibling(""))))
            .orElse(AuthorizationConfig.DEFAULT));
  }

  /** The files that {@link #externalAccess} read, to be followed. */
  List<FollowedFile> followed(ExternalAccess access) {
    List<FollowedFile> followed = new ArrayList<>();
    file("authentication-config")
        .ifPresent(
            file -> followed.add(follow(file, t -> access.configure(AuthenticationConfig.of(t)))));
    file("authorization-config")
        .ifPresent(
            file ->
                followed.add(
                    follow(
                        file,
                        t ->
                            access.configure(
                                AuthorizationConfig.of(
                                    t, file.toAbsolutePath().resolveSibling(""))))));
    return followed;
  }

  private static FollowedFile follow(Path file, Consumer<Map<String, Object>> taker) {
    try {
      return new FollowedFile(
          file,
          Files.readAllBytes(file),
          FollowedFile.INTERVAL,
          content -> taker.accept(Yaml.parseObject(content)));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
    }
  }

  private static <T> T parsed(Path file, Function<Map<String, Object>, T> parser) {
    Map<String, Object> tree = read(file);
    try {
      return parser.apply(tree);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Whether requests are sorted into priority levels. */
  boolean priorityAndFairness() {
    return !"false".equals(values.get("enable-priority-and-fairness"));
  }

  int maxReads() {
    return number("max-requests-inflight", 400);
  }

  int maxWrites() {
    return number("max-mutating-requests-inflight", 200);
  }

  /** The file that says what is encrypted at rest; empty if nothing is. */
  Optional<Path> encryption() {
    return file("encryption-provider-config");
  }

  private AuditConfig.Log auditLog(Path file) {
    AuditConfig.Log defaults = AuditConfig.Log.at(file);
    return new AuditConfig.Log(
        file,
        number("audit-log-maxsize", defaults.maxMegabytes()),
        number("audit-log-maxbackup", defaults.maxBackups()),
        Duration.ofDays(number("audit-log-maxage", (int) defaults.maxAge().toDays())),
        "batch".equals(values.get("audit-log-mode")));
  }

  private AuditConfig.Webhook auditWebhook(Path file) {
    AuditConfig.Webhook defaults = AuditConfig.Webhook.at(file);
    return new AuditConfig.Webhook(
        file,
        number("audit-webhook-batch-max-size", defaults.maxBatch()),
        duration("audit-webhook-batch-max-wait", defaults.maxWait()),
        number("audit-webhook-batch-buffer-size", defaults.bufferSize()));
  }

  /**
   * What is asked of pods in namespaces without labels.
   *
   * @throws IllegalArgumentException if the file is wrong
   */
  PodSecurityConfig podSecurity() {
    return file("admission-control-config-file")
        .flatMap(file -> plugin(file, "PodSecurity"))
        .map(PodSecurityConfig::of)
        .orElse(PodSecurityConfig.DEFAULT);
  }

  /** The configuration of one plugin in an AdmissionConfiguration. */
  private static Optional<Map<String, Object>> plugin(Path file, String name) {
    Map<String, Object> tree = read(file);
    if (!"AdmissionConfiguration".equals(tree.get("kind"))) {
      throw new IllegalArgumentException(
          file + ": expected an AdmissionConfiguration, not " + tree.get("kind"));
    }
    for (Map<String, Object> plugin : Trees.maps(tree, "plugins")) {
      if (name.equals(plugin.get("name"))) {
        String path = Trees.stringOr(plugin, "", "path");
        return path.isEmpty()
            ? Optional.ofNullable(Trees.map(plugin, "configuration"))
            : Optional.of(read(file.resolveSibling(path)));
      }
    }
    return Optional.empty();
  }

  private static Map<String, Object> read(Path file) {
    try {
      return Yaml.parseObject(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private Optional<Path> file(String name) {
    String value = values.getOrDefault(name, "");
    return value.isEmpty() ? Optional.empty() : Optional.of(Path.of(value));
  }

  private int number(String name, int otherwise) {
    String value = values.get(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  private Duration duration(String name, Duration otherwise) {
    String value = values.get(name);
    return value == null ? otherwise : duration(name, value);
  }

  private static Duration duration(String name, String value) {
    Matcher parts = DURATION.matcher(value);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "%s: expected a duration such as 30s or 2m, not \"%s\"".formatted(name, value));
    }
    long unit =
        switch (parts.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    return Duration.ofMillis(Math.round(Double.parseDouble(parts.group(1)) * unit));
  }
}
