package io.kubra.cli.server;

import io.kubra.apiserver.standard.ServerFlags;
import io.kubra.cli.config.ClusterConfiguration;
import io.kubra.cli.config.Part;
import java.nio.file.Path;

/** Where a cluster's audit log is, if it has one. */
public final class AuditLog {
  private static final String FLAG = "audit-log-path";

  private AuditLog() {}

  /** The log's file: the one that the flag names, or one among the server's data. */
  public static Path of(Path serverData, ClusterConfiguration configuration) {
    String own = configuration.apiServer().getOrDefault(FLAG, "");
    return own.isEmpty() ? serverData.resolve("audit").resolve("audit.log") : Path.of(own);
  }

  /** The flags with a log where the part asks for one. */
  static ServerFlags with(ServerFlags flags, ServerOptions options) {
    return options.enabled(Part.AUDIT)
        ? flags.orElse(FLAG, of(options.dataDir(), options.configuration()).toString())
        : flags;
  }
}
