package io.kubra.controllers.podautoscaler;

import io.kubra.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The conditions of one autoscaler while it is looked at. */
final class ScalerConditions {
  private final List<HorizontalPodAutoscalerCondition> list;
  private final Instant now;

  ScalerConditions(List<HorizontalPodAutoscalerCondition> list, Instant now) {
    this.list = new ArrayList<>(list);
    this.now = now;
  }

  List<HorizontalPodAutoscalerCondition> list() {
    return List.copyOf(list);
  }

  /** Sets a condition; its time changes with its status only. */
  void set(String type, boolean holds, String reason, String message) {
    String status = holds ? "True" : "False";
    Instant since = now;
    int place = list.size();
    for (int i = 0; i < list.size(); i++) {
      HorizontalPodAutoscalerCondition known = list.get(i);
      if (known.type().equals(type)) {
        place = i;
        Instant time = known.lastTransitionTime();
        since = known.status().equals(status) && time != null ? time : now;
      }
    }
    HorizontalPodAutoscalerCondition condition =
        HorizontalPodAutoscalerCondition.builder()
            .type(type)
            .status(status)
            .reason(reason)
            .message(message)
            .lastTransitionTime(since)
            .build();
    if (place < list.size()) {
      list.set(place, condition);
    } else {
      list.add(condition);
    }
  }
}
