package io.kubra.apiserver.audit;

import io.kubra.api.json.Yaml;
import io.kubra.apiserver.remote.RemoteService;
import io.kubra.metrics.MetricRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded, and where to; upstream's {@code --audit-*} flags.
 *
 * @param policy the file of the policy; null for the built-in one, which records metadata of all
 *     but health checks, leases, events and what the control plane reads by itself
 * @param log where the log goes; null for none
 * @param webhook who else gets the events; null for nobody
 */
public record AuditConfig(@Nullable Path policy, @Nullable Log log, @Nullable Webhook webhook) {
  private static final String BUILT_IN = "policy.yaml";
  private static final int BATCH = 400;

  /**
   * The log.
   *
   * @param maxMegabytes the size at which it is rotated
   * @param maxBackups how many rotated files are kept; 0 for any number
   * @param maxAge how long they are kept; zero for ever
   * @param batch whether requests go on before their events are written
   */
  public record Log(Path file, int maxMegabytes, int maxBackups, Duration maxAge, boolean batch) {
    /** 100 MiB, ten backups of at most 30 days, written while requests wait. */
    public static Log at(Path file) {
      return new Log(file, 100, 10, Duration.ofDays(30), false);
    }
  }

  /**
   * The receiver of an EventList by POST.
   *
   * @param kubeconfig the file that describes him
   * @param maxBatch how many events are sent together
   * @param maxWait how long an event waits for others
   * @param bufferSize how many events may wait
   */
  public record Webhook(Path kubeconfig, int maxBatch, Duration maxWait, int bufferSize) {
    /** 400 events or 30 seconds, and at most 10 000 that wait. */
    public static Webhook at(Path kubeconfig) {
      return new Webhook(kubeconfig, BATCH, Duration.ofSeconds(30), 10_000);
    }
  }

  /**
   * Opens what is configured.
   *
   * @throws IllegalArgumentException if the policy is wrong
   */
  public Auditor open(MetricRegistry metrics, Clock clock) {
    List<AuditSink> sinks = new ArrayList<>(2);
    AuditPolicy rules = readPolicy();
    if (log != null) {
      AuditSink file =
          new AuditLogFile(
              log.file, log.maxMegabytes * 1024L * 1024L, log.maxBackups, log.maxAge, clock);
      sinks.add(
          log.batch
              ? new BatchingSink(
                  file, 10_000, BATCH, Duration.ofMillis(100), dropped(metrics, "log"))
              : file);
    }
    if (webhook != null) {
      sinks.add(
          new BatchingSink(
              new AuditWebhook(RemoteService.open(webhook.kubeconfig), dropped(metrics, "webhook")),
              webhook.bufferSize,
              webhook.maxBatch,
              webhook.maxWait,
              dropped(metrics, "webhook")));
    }
    return new Auditor(rules, sinks, metrics, clock);
  }

  private static LongAdder dropped(MetricRegistry metrics, String plugin) {
    return metrics
        .counter(
            "apiserver_audit_error_total",
            "Counter of audit events that failed to be audited properly.",
            "plugin")
        .with(plugin);
  }

  private AuditPolicy readPolicy() {
    Path file = policy;
    try {
      return file == null ? builtIn() : AuditPolicy.of(Yaml.parseObject(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the audit policy " + file + ": " + e, e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("audit policy " + file + ": " + e.getMessage(), e);
    }
  }

  private static AuditPolicy builtIn() {
    try (InputStream in = AuditConfig.class.getResourceAsStream(BUILT_IN)) {
      if (in == null) {
        throw new IllegalStateException(BUILT_IN + " is missing");
      }
      return AuditPolicy.of(Yaml.parseObject(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
