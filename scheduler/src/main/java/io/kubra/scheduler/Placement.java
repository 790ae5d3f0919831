package io.kubra.scheduler;

import io.kubra.model.core.v1.Pod;
import io.kubra.scheduler.cluster.NodeState;
import io.kubra.scheduler.framework.FilterPlugin;
import io.kubra.scheduler.framework.ScorePlugin;
import io.kubra.scheduler.metrics.ExtensionPoint;
import io.kubra.scheduler.metrics.SchedulerMetrics;
import io.kubra.scheduler.metrics.SchedulerMetrics.Result;
import io.kubra.scheduler.plugin.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Runs the plugins: filters all nodes, scores those that remain, and takes one of the best. */
final class Placement {
  private final Profile profile;
  private final SchedulerMetrics metrics;

  Placement(Profile profile, SchedulerMetrics metrics) {
    this.profile = profile;
    this.metrics = metrics;
  }

  Decision decide(Pod pod, List<NodeState> nodes) {
    long began = System.nanoTime();
    List<FilterPlugin.Filter> filters = new ArrayList<>();
    for (FilterPlugin plugin : profile.filters()) {
      FilterPlugin.Filter filter = plugin.prepare(pod, nodes);
      if (filter instanceof FilterPlugin.Refusal refusal && !nodes.isEmpty()) {
        metrics.step(ExtensionPoint.PRE_FILTER, Result.UNSCHEDULABLE, began);
        return new Decision.Refused(nodes.size(), refusal.reason());
      }
      if (filter != FilterPlugin.Filter.ACCEPT) {
        filters.add(filter);
      }
    }
    metrics.step(ExtensionPoint.PRE_FILTER, Result.SCHEDULED, began);
    long filtering = System.nanoTime();
    List<NodeState> feasible = new ArrayList<>();
    Map<String, Integer> reasons = new HashMap<>();
    for (NodeState node : nodes) {
      List<String> rejections = List.of();
      for (FilterPlugin.Filter filter : filters) {
        rejections = filter.rejections(node);
        if (!rejections.isEmpty()) {
          break;
        }
      }
      if (rejections.isEmpty()) {
        feasible.add(node);
      }
      rejections.forEach(reason -> reasons.merge(reason, 1, Integer::sum));
    }
    Result result = feasible.isEmpty() ? Result.UNSCHEDULABLE : Result.SCHEDULED;
    metrics.step(ExtensionPoint.FILTER, result, filtering);
    if (feasible.isEmpty()) {
      return new Decision.Unschedulable(nodes.size(), reasons);
    }
    return new Decision.Assigned(best(pod, feasible).name());
  }

  private NodeState best(Pod pod, List<NodeState> nodes) {
    if (nodes.size() == 1) {
      return nodes.getFirst();
    }
    long began = System.nanoTime();
    long[] totals = new long[nodes.size()];
    for (ScorePlugin plugin : profile.scorers()) {
      long[] scores = plugin.score(pod, nodes);
      for (int i = 0; i < totals.length; i++) {
        totals[i] += scores[i] * plugin.weight();
      }
    }
    metrics.step(ExtensionPoint.SCORE, Result.SCHEDULED, began);
    int best = 0;
    int equal = 1;
    for (int i = 1; i < totals.length; i++) {
      if (totals[i] > totals[best]) {
        best = i;
        equal = 1;
      } else if (totals[i] == totals[best] && ThreadLocalRandom.current().nextInt(++equal) == 0) {
        // Each of the equals is taken with the same probability.
        best = i;
      }
    }
    return nodes.get(best);
  }
}
