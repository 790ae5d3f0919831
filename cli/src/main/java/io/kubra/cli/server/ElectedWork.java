package io.kubra.cli.server;

import io.kubra.cli.process.Closing;
import io.kubra.client.ApiClient;
import io.kubra.client.leader.Election;
import io.kubra.client.leader.LeaderElector;
import io.kubra.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Work that only one of the servers on a store may do: it is begun anew whenever this server leads
 * and ended when it no longer does, without a restart of the process.
 */
final class ElectedWork implements LeaderElector.Callbacks {
  private final Consumer<Consumer<AutoCloseable>> begin;
  private final List<AutoCloseable> parts = new ArrayList<>();

  private ElectedWork(Consumer<Consumer<AutoCloseable>> begin) {
    this.begin = begin;
  }

  /**
   * Runs for an office.
   *
   * @param begin starts the work's parts and hands over each; they are closed last first, so that
   *     the client through which a part writes comes before it
   */
  static LeaderElector elect(
      ApiClient client,
      Election election,
      MetricRegistry metrics,
      Consumer<Consumer<AutoCloseable>> begin) {
    return LeaderElector.start(client, election, new ElectedWork(begin), metrics);
  }

  @Override
  public void started() {
    begin.accept(parts::add);
  }

  @Override
  public void stopped() {
    Closing.lastFirst(parts);
    parts.clear();
  }
}
