package io.kubra.apiserver.flow;

import io.kubra.apiserver.request.NonResourceEndpoint;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What waits and runs now, as tables of text: {@code dump_priority_levels}, {@code dump_queues} and
 * {@code dump_requests} below {@code /debug/api_priority_and_fairness/}.
 */
public final class FlowDebug implements NonResourceEndpoint {
  private static final String ROOT = "/debug/api_priority_and_fairness/";
  private final FlowControl control;

  public FlowDebug(FlowControl control) {
    this.control = control;
  }

  @Override
  public boolean matches(String path) {
    return path.startsWith(ROOT);
  }

  @Override
  public void handle(RequestContext c) {
    List<List<String>> rows =
        switch (c.info().path().substring(ROOT.length())) {
          case "dump_priority_levels" -> levels();
          case "dump_queues" -> queues();
          case "dump_requests" -> requests();
          default -> List.of();
        };
    boolean found = !rows.isEmpty();
    String text = found ? aligned(rows) : "404 page not found\n";
    c.exchange()
        .respond(
            found ? 200 : 404,
            HttpHeaders.of("Content-Type", "text/plain; charset=utf-8"),
            text.getBytes(StandardCharsets.UTF_8));
  }

  private List<PriorityLevel> sorted() {
    return control.config().levels().stream()
        .sorted(Comparator.comparing(PriorityLevel::name))
        .toList();
  }

  private List<List<String>> levels() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "PriorityLevelName",
            "ActiveQueues",
            "IsIdle",
            "IsQuiescing",
            "WaitingRequests",
            "ExecutingRequests",
            "DispatchedRequests",
            "RejectedRequests",
            "TimedoutRequests",
            "CancelledRequests"));
    for (PriorityLevel level : sorted()) {
      PriorityLevel.State state = level.state();
      long dispatched = 0;
      long rejected = 0;
      long timedOut = 0;
      for (FlowStats s : control.stats()) {
        if (s.level.equals(level.name())) {
          dispatched += s.dispatched.sum();
          rejected += s.queueFull.sum() + s.overLimit.sum();
          timedOut += s.timedOut.sum();
        }
      }
      rows.add(
          List.of(
              level.name(),
              "" + state.activeQueues(),
              "" + (state.executing() + state.waiting() == 0),
              "false",
              "" + state.waiting(),
              "" + state.executing(),
              "" + dispatched,
              "" + rejected,
              "" + timedOut,
              "0"));
    }
    return rows;
  }

  private List<List<String>> queues() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "PriorityLevelName",
            "Index",
            "PendingRequests",
            "ExecutingRequests",
            "SeatsInUse",
            "NextDispatchR"));
    for (PriorityLevel level : sorted()) {
      for (PriorityLevel.QueueState q : level.state().queues()) {
        rows.add(
            List.of(
                level.name(),
                "" + q.index(),
                "" + q.waiting().size(),
                "" + q.executing(),
                "" + q.executingSeats(),
                "%.8fss".formatted(q.virtualStart())));
      }
    }
    return rows;
  }

  private List<List<String>> requests() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "PriorityLevelName",
            "FlowSchemaName",
            "QueueIndex",
            "RequestIndexInQueue",
            "FlowDistingsher",
            "ArriveTime",
            "InitialSeats"));
    for (PriorityLevel level : sorted()) {
      for (PriorityLevel.QueueState q : level.state().queues()) {
        int index = 0;
        for (PriorityLevel.Waiter w : q.waiting()) {
          rows.add(
              List.of(
                  level.name(),
                  w.schema,
                  "" + q.index(),
                  "" + index++,
                  w.flow,
                  Instant.ofEpochMilli(w.arrived).toString(),
                  "" + w.width));
        }
      }
    }
    return rows;
  }

  /** Columns separated by a comma and as many spaces as they need to stand below one another. */
  private static String aligned(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length() + 2);
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        boolean last = i == columns - 1;
        String cell = last ? row.get(i) : row.get(i) + ",";
        text.append(cell);
        if (!last) {
          text.append(" ".repeat(Math.max(1, widths[i] - cell.length())));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }
}
